#include <algorithm>

#include <gtest/gtest.h>

#include "dialog.h"
#include "fake_gatehouse.h"
#include "running_intake.h"
#include "test_client.h"

namespace zegel::receive {
namespace {

class OverSocket : public Peer {
 public:
  OverSocket(std::uint16_t port, bool tls, const FakeGatehouse& gatehouse) : client_(port), gatehouse_(gatehouse) {
    if (tls) client_.shake_hands();
  }
  void say(std::string_view octets) override { client_.say(octets); }
  std::string hear() override { return client_.hear(); }
  void shake_hands() override { client_.shake_hands(); }
  std::vector<std::string> delivered() override {
    std::vector<std::string> all;
    for (const auto& one : gatehouse_.delivered()) all.push_back(one.bytes);
    return all;
  }
  /// Then what is left to hear is heard before the end.
  void half_close() { client_.half_close(); }

 private:
  TestClient client_;
  const FakeGatehouse& gatehouse_;
};

void run(const Dialog& dialog, bool tls) {
  FakeGatehouse gatehouse;
  RunningIntake intake(dialog.settings, gatehouse);
  OverSocket peer(intake.port(tls ? 1 : 0), tls, gatehouse);
  perform(dialog, peer, [&] { peer.half_close(); });
}

class DialogOverSockets : public testing::TestWithParam<std::string> {};

TEST_P(DialogOverSockets, GoesAsWrittenInClear) {
  const Dialog dialog = read_dialog(GetParam());
  if (dialog.in_clear) run(dialog, false);
}

TEST_P(DialogOverSockets, GoesAsWrittenUnderTls) {
  const Dialog dialog = read_dialog(GetParam());
  if (dialog.under_tls) run(dialog, true);
}

INSTANTIATE_TEST_SUITE_P(All, DialogOverSockets, testing::ValuesIn(all_dialogs()), [](const auto& info) {
  std::string name = read_dialog(info.param).name;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace zegel::receive
