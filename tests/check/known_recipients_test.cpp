#include "check/known_recipients.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "known.h"

using namespace zegel;
using namespace zegel::check;

namespace {

Standing standing(const KnownRecipients& known, std::string_view local, std::string_view domain) {
  return known.current()->judge({std::string(local), std::string(domain)}).standing;
}

TEST(KnownRecipients, KnowAtOnceWhatTheyLearn) {
  KnownRecipients recipients(known({{"gmail.com", 10}}));
  EXPECT_EQ(standing(recipients, "jan", "gmial.com"), Standing::near_miss);
  recipients.learn(mail::Mailbox{"jan", "gmial.com"});
  EXPECT_EQ(standing(recipients, "jan", "gmial.com"), Standing::known);
  EXPECT_EQ(standing(recipients, "piet", "gmial.com"), Standing::unknown);
}

TEST(KnownRecipients, LeaveSnapshotsAsTheyWere) {
  KnownRecipients recipients(known({{"gmail.com", 10}}));
  const auto before = recipients.current();
  recipients.learn(mail::Mailbox{"jan", "klant.nl"});
  EXPECT_FALSE(before->has("jan@klant.nl"));
  EXPECT_TRUE(recipients.current()->has("jan@klant.nl"));
}

TEST(KnownRecipients, KeepEverythingThroughTidying) {
  KnownRecipients recipients(known({{"gmail.com", 10}}));
  for (int i = 0; i < 1'500; ++i) recipients.learn(mail::Mailbox{"jan" + std::to_string(i), "klant.nl"});
  EXPECT_TRUE(recipients.wants_tidying());
  EXPECT_LE(recipients.current()->layers().size(), 3U);
  recipients.tidy();
  EXPECT_FALSE(recipients.wants_tidying());
  EXPECT_EQ(recipients.current()->layers().size(), 1U);
  EXPECT_EQ(recipients.current()->size(), 1'501U);
  EXPECT_TRUE(recipients.current()->has("jan1499@klant.nl"));
}

TEST(KnownRecipients, CountFurtherMailsWhenTidied) {
  KnownRecipients recipients(known({{"jan@klant.nl", 10}}));
  for (int i = 0; i < 5; ++i) recipients.learn(mail::Mailbox{"jan", "klant.nl"});
  recipients.tidy();
  EXPECT_EQ(recipients.current()->judge({"jan", "klant.nl"}).mails, 15U);
}

TEST(KnownRecipients, ForgetSomebodyCompletely) {
  KnownRecipients recipients(known({{"jan@klant.nl", 10}, {"gmail.com", 1}}));
  recipients.learn(mail::Mailbox{"piet", "ander.nl"});
  EXPECT_TRUE(recipients.forget({"jan@klant.nl"}));
  EXPECT_TRUE(recipients.forget({"piet@ander.nl"}));
  EXPECT_FALSE(recipients.forget({"kees@ander.nl"}));
  EXPECT_EQ(standing(recipients, "jan", "klant.nl"), Standing::unknown);
  EXPECT_EQ(recipients.current()->judge_domain("klant.nl").standing, Standing::unknown);
  EXPECT_EQ(recipients.current()->size(), 1U);
}

TEST(KnownRecipients, KeepWhatAFileNamesWhenItIsForgotten) {
  IndexBuilder builder;
  builder.add("jan@klant.nl", 0, Source::file);
  builder.add("jan@klant.nl", 3, Source::learned);
  builder.add("piet@klant.nl", 3, Source::learned);
  builder.add("els@klant.nl", 3, Source::learned);
  KnownRecipients recipients(builder.build());
  recipients.forget({"jan@klant.nl", "piet@klant.nl", "els@klant.nl"});
  EXPECT_EQ(standing(recipients, "jan", "klant.nl"), Standing::known);
  EXPECT_EQ(recipients.current()->size(), 1U);
}

TEST(KnownRecipients, KeepWhatWasLearnedWhenAllIsReplaced) {
  KnownRecipients recipients;
  recipients.learn(mail::Mailbox{"jan", "klant.nl"});
  recipients.replace(known({{"gmail.com", 1}}));
  EXPECT_TRUE(recipients.current()->has("jan@klant.nl"));
  EXPECT_TRUE(recipients.current()->has("gmail.com"));
}

TEST(KnownRecipients, MayBeAskedWhileTheyLearnAndTidy) {
  KnownRecipients recipients(known({{"gmail.com", 10}}));
  std::atomic<bool> done = false;
  std::thread tidier([&] {
    while (!done) recipients.tidy();
  });
  std::thread asker([&] {
    while (!done) (void)recipients.current()->judge({"jan", "gmial.com"});
  });
  for (int i = 0; i < 400; ++i) recipients.learn(mail::Mailbox{"jan" + std::to_string(i), "klant.nl"});
  done = true;
  tidier.join();
  asker.join();
  for (int i = 0; i < 400; ++i) EXPECT_TRUE(recipients.current()->has("jan" + std::to_string(i) + "@klant.nl")) << i;
}

TEST(IndexBuilder, AddsUpDuplicatesAndRefusesWhatIsNoEntry) {
  IndexBuilder builder;
  EXPECT_TRUE(builder.add("klant.nl", 2, Source::file));
  EXPECT_TRUE(builder.add("klant.nl", 3, Source::history));
  EXPECT_TRUE(builder.add("jan@klant.nl", 4, Source::history));
  for (const std::string_view bad : {"", ".", "@klant.nl", "jan@", "Klant.nl", "a..b", "klant.nl ", "kl\xFFnt.nl"}) {
    EXPECT_FALSE(builder.add(bad, 1, Source::file)) << bad;
  }
  const auto index = builder.build();
  EXPECT_EQ(index->size(), 2U);
  std::uint32_t mails = 0;
  index->each([&](const Entry& entry) { mails += entry.mails; });
  EXPECT_EQ(mails, 9U);
  EXPECT_EQ(index->judge_domain("klant.nl").mails, 9U);
}

}  // namespace
