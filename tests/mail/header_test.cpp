#include "mail/header.h"

#include <gtest/gtest.h>

namespace zegel::mail {
namespace {

constexpr std::string_view header =
    "Received: from a by b;\r\n\tMon, 23 Nov 2026\r\n"
    "From: piet@kantoor.nl\r\n"
    "BCC : geheim@x.nl,\r\n nog@x.nl\r\n"
    "Subject: een\r\n  twee \r\n"
    "X-Zegel-Rule: 1\r\n"
    "List-Id: <l>\r\n"
    "subject: nog een\r\n"
    "no field at all\r\n"
    "To:jan@klant.nl\r\n";

TEST(Header, GivesEveryFieldWithItsFolds) {
  std::string joined;
  for (const Field& field : fields(header)) joined += field.raw;
  EXPECT_EQ(joined, header);
  const auto all = fields(header);
  ASSERT_EQ(all.size(), 9U);
  EXPECT_EQ(all[0].name, "Received");
  EXPECT_EQ(all[0].value(), "from a by b;\tMon, 23 Nov 2026");
  EXPECT_EQ(all[2].name, "BCC");
  EXPECT_EQ(all[7].name, "");
}

TEST(Header, FindsByNameInAnyCase) {
  const auto subjects = find(header, "SUBJECT");
  ASSERT_EQ(subjects.size(), 2U);
  EXPECT_EQ(subjects[0].value(), "een  twee");
  EXPECT_EQ(subjects[1].value(), "nog een");
  EXPECT_TRUE(find(header, "Cc").empty());
}

TEST(Header, TakesAFieldOutAndNothingElse) {
  const std::string out = without(header, [](const Field& field) { return field.name == "BCC"; });
  std::string expected(header);
  const std::string bcc = "BCC : geheim@x.nl,\r\n nog@x.nl\r\n";
  expected.erase(expected.find(bcc), bcc.size());
  EXPECT_EQ(out, expected);
}

TEST(Header, ReplacesAFieldAndNothingElse) {
  std::string expected(header);
  const std::string bcc = "BCC : geheim@x.nl,\r\n nog@x.nl\r\n";
  expected.replace(expected.find(bcc), bcc.size(), "Bcc: x@y.nl\r\n");
  EXPECT_EQ(replaced(header, "bcc", "Bcc: x@y.nl\r\n"), expected);
  EXPECT_EQ(replaced(header, "Cc", "Cc: x@y.nl\r\n"), header);
  EXPECT_EQ(replaced("X: 1\r\nY: 2\r\nx: 3", "X", "X: 4\r\n"), "X: 4\r\nY: 2\r\nX: 4\r\n");
}

TEST(Header, LeavesBccAndOwnFieldsInside) {
  EXPECT_EQ(outer_fields(header),
            "Received: from a by b;\r\n\tMon, 23 Nov 2026\r\n"
            "From: piet@kantoor.nl\r\n"
            "Subject: een\r\n  twee \r\n"
            "List-Id: <l>\r\n"
            "subject: nog een\r\n"
            "To:jan@klant.nl\r\n");
}

}  // namespace
}  // namespace zegel::mail
