#include "admin/desk.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "metrics/meters.h"
#include "support/fake_store.h"

namespace zegel::admin {
namespace {

store::Submission mail() {
  const mail::Recipient jan{.mailbox = {"jan", "klant.nl"}};
  store::Submission submission{.reference = "7K3QX9M2TB"};
  submission.envelope.to = {jan};
  submission.copies.push_back({.message = seal::OwnWords::sealed("x"), .recipients = {jan}});
  return submission;
}

TEST(Desk, GivesALongQueueInPages) {
  constexpr std::size_t queued = 20'003;
  fake::FakeStore store;
  for (std::size_t i = 0; i < queued; ++i) store.submit(mail(), [](std::exception_ptr) {});
  check::KnownRecipients known;
  metrics::Meters meters;
  const Desk desk({store, known, meters, [] { return nullptr; }, [] { return true; }, [] { return std::string(); }});
  const auto ask = [&](const std::string& path) { return desk.answer({"GET", path, "", "root"}); };

  const auto first = nlohmann::json::parse(ask("/queue").body);
  ASSERT_TRUE(first.at("next").is_number());
  const auto second = nlohmann::json::parse(ask("/queue/after/" + first.at("next").dump()).body);
  EXPECT_EQ(first.at("copies").size() + second.at("copies").size(), queued);
  EXPECT_GT(second.at("copies").size(), 0U);
  EXPECT_TRUE(second.at("next").is_null());
  EXPECT_EQ(ask("/queue/after/all").status, 404);
  EXPECT_EQ(ask("/queue/before/1").status, 404);
}

}  // namespace
}  // namespace zegel::admin
