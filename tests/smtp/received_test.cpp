#include "smtp/received.h"

#include <gtest/gtest.h>

namespace zegel::smtp {
namespace {

using namespace std::chrono_literals;

TEST(Received, SaysWhoWhereAndHow) {
  const Time at = std::chrono::sys_days(2026y / std::chrono::November / 23) + 20h;
  EXPECT_EQ(received_field({"pc.kantoor.nl", "192.0.2.1", "mail.kantoor.nl", "ESMTPSA",
                            "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256 bits)", "7K3QX9M2TB", at}),
            "Received: from pc.kantoor.nl ([192.0.2.1])\r\n"
            "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256 bits))\r\n"
            "\tby mail.kantoor.nl (Zegel) with ESMTPSA id 7K3QX9M2TB;\r\n"
            "\tMon, 23 Nov 2026 20:00:00 +0000\r\n");
}

TEST(Received, WritesIpv6AsALiteralAndLeavesTlsOutInClear) {
  const std::string field = received_field({"[::1]", "::1", "h", "SMTP", "", "R", Time()});
  EXPECT_TRUE(field.starts_with("Received: from [::1] ([IPv6:::1])\r\n\tby h (Zegel) with SMTP id R;")) << field;
}

TEST(ProtocolWord, FollowsRfc3848And6531) {
  EXPECT_EQ(protocol_word(false, false, false, false), "SMTP");
  EXPECT_EQ(protocol_word(true, false, false, false), "ESMTP");
  EXPECT_EQ(protocol_word(true, true, false, false), "ESMTPS");
  EXPECT_EQ(protocol_word(true, true, true, false), "ESMTPSA");
  EXPECT_EQ(protocol_word(true, true, true, true), "UTF8SMTPSA");
}

TEST(CountReceived, LooksAtTheHeaderOnly) {
  EXPECT_EQ(count_received("Received: a\r\nRECEIVED: b\r\n\tReceived: folded\r\nX: y\r\n\r\nReceived: body\r\n"), 2u);
  EXPECT_EQ(count_received(""), 0u);
  EXPECT_EQ(count_received("Received: a"), 1u);
  EXPECT_EQ(count_received("\r\nReceived: body\r\n"), 0u);
}

}  // namespace
}  // namespace zegel::smtp
