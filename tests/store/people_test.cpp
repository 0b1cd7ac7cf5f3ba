#include "store/fixture.h"

namespace zegel::store {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> addresses(Store& store) {
  std::vector<std::string> all;
  for (const auto& learned : store.learned()) all.push_back(learned.address);
  return all;
}

TEST(Learned, AreThoseWhomMailReached) {
  const TempDir dir;
  auto store = open(dir);
  for (int i = 0; i < 2; ++i) {
    submit(*store, submission(new_reference(), "x", {{.mailbox = box("Jan")}, {.mailbox = box("other")}}));
    const auto copy = store->take_due(noon, 1).at(0);
    record(*store, {.copy = copy.id,
                    .at = noon + std::chrono::hours(i),
                    .outcomes = {outcome(box("Jan"), RecipientOutcome::Kind::delivered),
                                 outcome(box("other"), RecipientOutcome::Kind::failed)}});
  }
  const auto learned = store->learned();
  ASSERT_EQ(learned.size(), 1u);
  EXPECT_EQ(learned[0].address, "jan@klant.nl");
  EXPECT_EQ(learned[0].mails, 2u);
  EXPECT_EQ(learned[0].last, noon + 1h);
  EXPECT_EQ(store->unlearn("JAN@klant.nl"), 1u);
  EXPECT_EQ(store->unlearn("jan@klant.nl"), 0u);
  EXPECT_TRUE(store->learned().empty());
}

TEST(Learned, AreNotThoseWhoGetNoticesNorWhenAskedNotTo) {
  const TempDir dir;
  auto store = open(dir);
  auto notice = submission("AAAAAAAAAA", "x");
  notice.copies[0].notice = true;
  submit(*store, std::move(notice));
  deliver(*store, store->take_due(noon, 1).at(0));
  submit(*store, submission("BBBBBBBBBB", "x"));
  const auto copy = store->take_due(noon, 1).at(0);
  record(*store, {.copy = copy.id,
                  .at = noon,
                  .outcomes = {outcome(box("jan"), RecipientOutcome::Kind::delivered)},
                  .learn = false});
  EXPECT_TRUE(store->learned().empty());
}

TEST(Learned, CanBeTakenOverFromHistory) {
  const TempDir dir;
  auto store = open(dir);
  wait([&](auto done) {
    store->learn({{.address = "a@x.nl", .mails = 3, .last = noon}, {.address = "x.nl", .mails = 9, .last = noon}},
                 done);
  });
  EXPECT_EQ(addresses(*store), (std::vector<std::string>{"a@x.nl", "x.nl"}));
}

TEST(Confirmation, CountsOnceAndWithinItsTime) {
  const TempDir dir;
  auto store = open(dir);
  EXPECT_FALSE(store->confirmed("piet@kantoor.nl", "jan@gmial.com", noon));
  store->ask_confirmation("piet@kantoor.nl", "jan@gmial.com", noon + 30min);
  EXPECT_FALSE(store->confirmed("kees@kantoor.nl", "jan@gmial.com", noon)) << "somebody else's";
  EXPECT_FALSE(store->confirmed("piet@kantoor.nl", "jan@gmial.com", noon + 31min)) << "too late";
  EXPECT_TRUE(store->confirmed("Piet@kantoor.nl", "jan@Gmial.com", noon + 29min));
  EXPECT_FALSE(store->confirmed("piet@kantoor.nl", "jan@gmial.com", noon + 29min)) << "used up";
  EXPECT_EQ(addresses(*store), std::vector<std::string>{"jan@gmial.com"});
}

TEST(Passwords, AreKeptPerMessage) {
  const TempDir dir;
  {
    auto store = open(dir);
    auto s = submission("AAAAAAAAAA", "x");
    s.passwords.push_back({"jan@klant.nl", Secret("abel-boom"), noon + 24h});
    s.passwords.push_back({"els@klant.nl", Secret("kaas-mug"), noon + 48h});
    submit(*store, std::move(s));
  }
  auto store = open(dir);
  auto found = store->passwords("AAAAAAAAAA");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].recipient, "jan@klant.nl");
  EXPECT_EQ(found[0].password.reveal(), "abel-boom");
  EXPECT_EQ(found[1].password.reveal(), "kaas-mug");
  store->sweep({.passwords = 24h, .audit = 24h * 90, .learned = 24h * 730}, noon + 25h);
  found = store->passwords("AAAAAAAAAA");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].recipient, "els@klant.nl");
  EXPECT_EQ(store->forget_passwords("els@klant.nl"), 1u);
  EXPECT_TRUE(store->passwords("AAAAAAAAAA").empty());
}

TEST(Passwords, AreAgreedForAnAddressOrADomain) {
  const TempDir dir;
  {
    auto store = open(dir);
    store->set_agreed_password("Klant.nl", Secret("for all"), noon);
    store->set_agreed_password("jan@klant.nl", Secret("old"), noon);
    store->set_agreed_password("jan@klant.nl", Secret("for jan"), noon + 1h);
  }
  auto store = open(dir);
  EXPECT_EQ(store->agreed_password(box("Jan"))->password.reveal(), "for jan");
  EXPECT_EQ(store->agreed_password(box("els"))->password.reveal(), "for all");
  EXPECT_EQ(store->agreed_password(box("Jan"))->since, noon + 1h);
  EXPECT_EQ(store->agreed_password(box("els"))->whom, "klant.nl");
  EXPECT_FALSE(store->agreed_password(box("els", "elders.nl")));
  const auto all = store->agreed_passwords();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0], std::pair(std::string("jan@klant.nl"), noon + 1h));
  EXPECT_EQ(store->forget_passwords("jan@klant.nl"), 1u);
  EXPECT_EQ(store->agreed_password(box("jan"))->password.reveal(), "for all");
}

TEST(Forget, ErasesAPersonAndSaysWhatStays) {
  const TempDir dir;
  auto store = open(dir);
  const auto jan = box("jan"), els = box("els");
  submit(*store, submission("AAAAAAAAAA", "x", {{.mailbox = jan}}));
  deliver(*store, store->take_due(noon, 1).at(0));
  submit(*store, submission("BBBBBBBBBB", "x", {{.mailbox = jan}}));
  submit(*store, held_submission("CCCCCCCCCC", "x", noon + 1h, {{.mailbox = jan}}));
  submit(*store, held_submission("DDDDDDDDDD", "x", noon + 1h, {{.mailbox = jan}, {.mailbox = els}}));
  store->set_agreed_password("jan@klant.nl", Secret("p"), noon);
  store->ask_confirmation("piet@kantoor.nl", "jan@klant.nl", noon + 1h);

  const auto forgotten = store->forget("Jan@klant.nl", noon);
  EXPECT_EQ(forgotten.learned, 1u);
  EXPECT_EQ(forgotten.passwords, 1u);
  EXPECT_EQ(forgotten.held, 1u);
  EXPECT_EQ(forgotten.audit, 5u);  // sealed and sent; sealed; held; held
  ASSERT_EQ(forgotten.kept.size(), 2u);
  EXPECT_TRUE(forgotten.kept[0].starts_with("1 message held for others too")) << forgotten.kept[0];
  EXPECT_TRUE(forgotten.kept[1].starts_with("1 message in the queue")) << forgotten.kept[1];

  EXPECT_TRUE(store->learned().empty());
  EXPECT_FALSE(store->agreed_password(jan));
  EXPECT_FALSE(store->confirmed("piet@kantoor.nl", "jan@klant.nl", noon));
  EXPECT_EQ(store->held().size(), 1u);
  for (const char* reference : {"AAAAAAAAAA", "BBBBBBBBBB", "CCCCCCCCCC", "DDDDDDDDDD"}) {
    for (const AuditRow& row : store->trace(reference)) {
      EXPECT_NE(row.recipient, "jan@klant.nl") << reference << " " << row.event;
    }
  }
  EXPECT_EQ(store->queue(0, 10'000).size(), 1u);
}

TEST(Forget, ReachesThePartOfTheHistoryBehindTheFirstStep) {
  const TempDir dir;
  auto store = open(dir);
  for (int i = 0; i < 4'500; ++i)
    store->audit({noon, "AAAAAAAAAA", "refused", "", i % 1'000 == 0 ? "jan@klant.nl" : "els@klant.nl", ""});
  auto last = submission("BBBBBBBBBB", "x", {{.mailbox = box("jan")}});
  last.passwords.push_back({"jan@klant.nl", Secret("p"), noon + 1h});
  submit(*store, std::move(last));
  const auto forgotten = store->forget("jan@klant.nl", noon);
  EXPECT_EQ(forgotten.audit, 6u);  // five, and sealed
  EXPECT_EQ(forgotten.passwords, 1u);
  EXPECT_TRUE(store->passwords("BBBBBBBBBB").empty());
  EXPECT_EQ(store->trace("AAAAAAAAAA").size(), 4'495u);
}

}  // namespace
}  // namespace zegel::store
