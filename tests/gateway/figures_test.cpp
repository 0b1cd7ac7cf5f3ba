#include "figures.h"

#include <gtest/gtest.h>

namespace zegel {
namespace {

using namespace std::chrono_literals;
using Days = std::chrono::days;

seal::KeyEntry key(Method method, Time expires, bool usable, bool secret = false) {
  seal::KeyEntry entry{};
  entry.method = method;
  entry.expires = expires;
  entry.usable = usable;
  entry.secret = secret;
  return entry;
}

config::Rule rule(std::size_t line, std::optional<std::vector<Method>> methods) {
  config::Rule made;
  made.place.file = "/etc/zegel/zegel.toml";
  made.place.line = static_cast<decltype(made.place.line)>(line);
  made.methods = std::move(methods);
  return made;
}

TEST(Figures, KeysAreSortedByMethodUseAndWhatIsLeftOfThem) {
  const Time now = Time(Days(20'000));
  metrics::Standing standing;
  add_keys(standing,
           {key(Method::smime, now + Days(400), true), key(Method::smime, now + Days(10), true),
            key(Method::smime, now - Days(1), false), key(Method::smime, now + Days(5), false, true),
            key(Method::pgp, Time::max(), true)},
           now);
  ASSERT_EQ(standing.keys.size(), 4u);
  const auto& [recipients, senders, pgp, pgp_senders] =
      std::tie(standing.keys[0], standing.keys[1], standing.keys[2], standing.keys[3]);
  EXPECT_EQ(recipients.usable, 1u);
  EXPECT_EQ(recipients.expiring, 1u);
  EXPECT_EQ(recipients.unusable, 1u);
  EXPECT_EQ(recipients.next_expiry, now + Days(10));
  EXPECT_EQ(senders.expiring, 1u);  // it signs, though nobody may encrypt to it
  EXPECT_EQ(pgp.usable, 1u);
  EXPECT_EQ(pgp.next_expiry, std::nullopt);  // never
  EXPECT_EQ(pgp_senders.usable, 0u);
}

TEST(Figures, AClockSetBackDoesNotMakeAnAgeOfAges) {
  metrics::Standing standing;
  store::Store::Figures figures;
  figures.oldest = Time(65s);
  add_store(standing, figures, Time(5s));
  EXPECT_EQ(standing.oldest, 0s);
  add_store(standing, figures, Time(125s));
  EXPECT_EQ(standing.oldest, 60s);
}

TEST(Figures, RulesThatMayLetSomethingOutReadable) {
  config::Settings settings;
  settings.protect.methods = {Method::smime, Method::zip};
  settings.protect.rules = {rule(41, std::vector{Method::smime, Method::clear}), rule(52, std::vector{Method::pgp}),
                            rule(60, std::vector{Method::zip_attachments}), rule(70, std::nullopt)};
  EXPECT_EQ(rules_that_let_clear_out(settings), (std::vector<std::string>{"zegel.toml:41", "zegel.toml:60"}));
  settings.protect.methods = {Method::zip_attachments};
  EXPECT_EQ(rules_that_let_clear_out(settings),
            (std::vector<std::string>{"default", "zegel.toml:41", "zegel.toml:60", "zegel.toml:70"}));
}

}  // namespace
}  // namespace zegel
