#include "decide/decide.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "decide/explain.h"
#include "decide/fakes.h"

namespace zegel::decide {
namespace {

Plan plan_for(const std::string& toml, const std::string& from, const std::vector<std::string>& to, const Facts& facts,
              const Directory& directory) {
  mail::Envelope envelope{.from = sender_of(from), .to = {}};
  for (const std::string& one : to) envelope.to.push_back(recipient_of(one));
  return decide(envelope, facts, settings_of(toml), directory, Time());
}

/// A recipient whose keys are all unusable, for reasons as long as one likes.
class HopelessDirectory : public FakeDirectory {
 public:
  explicit HopelessDirectory(std::string reason) : FakeDirectory(""), reason_(std::move(reason)) {}
  [[nodiscard]] std::vector<Candidate> certificates(const mail::Mailbox&, Time) const override {
    return {5, {.fingerprint = "F", .usable = false, .why_not = reason_}};
  }
  [[nodiscard]] std::vector<Candidate> pgp_keys(const mail::Mailbox& mailbox, Time now) const override {
    return certificates(mailbox, now);
  }

 private:
  std::string reason_;
};

TEST(Plan, HasADecisionForEachRecipientInTheEnvelopesOrder) {
  const auto plan = plan_for("[[protect.rule]]\nto = [\"x.nl\"]\nmethods = [\"smime\"]\n", "piet@kantoor.nl",
                             {"a@y.nl", "b@x.nl", "c@y.nl"}, {}, FakeDirectory("pgp"));
  ASSERT_EQ(plan.decisions.size(), 3U);
  EXPECT_EQ(plan.decisions[0].recipient.mailbox.address(), "a@y.nl");
  EXPECT_EQ(plan.decisions[2].recipient.mailbox.address(), "c@y.nl");
  EXPECT_EQ(plan.refused(), &plan.decisions[1]);
  EXPECT_EQ(plan.held(), nullptr);
}

TEST(Plan, RecordsEveryRungUpToTheOneTaken) {
  const auto plan = plan_for("", "piet@kantoor.nl", {"jan@x.nl"}, {}, FakeDirectory("old-cert pgp"));
  const std::vector<Rung>& ladder = plan.decisions.at(0).ladder;
  ASSERT_EQ(ladder.size(), 2U);
  EXPECT_FALSE(ladder[0].taken);
  EXPECT_EQ(ladder[0].why, "certificate OLD-CERT expired on 2026-01-03");
  EXPECT_TRUE(ladder[1].taken);
  EXPECT_EQ(ladder[1].why, "key PGP");
}

TEST(Plan, SaysWhyItsRuleWasChosen) {
  const char* toml =
      "[protect]\ntags = [{ subject = \"[veilig]\", methods = [\"pgp\"] }]\n[[protect.rule]]\nto = [\"x.nl\"]\n";
  EXPECT_EQ(plan_for(toml, "<>", {"jan@x.nl"}, {}, FakeDirectory("cert")).decisions.at(0).choice, "to x.nl, from *");
  EXPECT_EQ(plan_for(toml, "<>", {"jan@y.nl"}, {}, FakeDirectory("cert")).decisions.at(0).choice, "no rule matches");
  EXPECT_EQ(plan_for(toml, "<>", {"jan@x.nl"}, {.subject = "x [veilig]"}, FakeDirectory("pgp")).decisions.at(0).choice,
            "to x.nl, from *; the subject has [veilig], which chooses the methods over policy:3");
}

TEST(Refusal, FitsOnOneReplyLineHoweverLongTheReasons) {
  // 254 octets, the most that a path may have (RFC 5321 4.5.3.1.3, less the angle brackets).
  const std::string label(60, 'b');
  const std::string longest = std::string(64, 'a') + "@" + label + "." + label + "." + label + ".bbb.nl";
  const char* toml = "[protect]\nmethods = [\"smime\", \"pgp\", \"zip-attachments\", \"zip\"]\n";
  for (const std::string& to : {std::string("jan@x.nl"), longest}) {
    const HopelessDirectory directory("is\x7F bad: " + std::string(1000, '\xC3') + "\r\n");
    const auto plan =
        plan_for(toml, "piet@kantoor.nl", {to}, {.sound = false, .flaw = std::string(900, 'f')}, directory);
    const std::string& say = std::get<Refuse>(plan.decisions.at(0).what).say;
    std::string reply = "550 5.7.5 <";
    reply.append(to).append(">: ").append(say).append(" [7K3QX9M2TB]\r\n");
    EXPECT_LE(reply.size(), 512U) << reply;
    EXPECT_TRUE(std::ranges::all_of(say, [](char c) { return c >= 0x20 && c <= 0x7E; })) << say;
    for (const char* rung : {"smime: ", "; pgp: ", "; zip-attachments: ", "; zip: "})
      EXPECT_TRUE(say.contains(rung)) << say;
  }
}

TEST(Explain, SaysOfEveryRuleWhyItWonOrNot) {
  const auto settings = settings_of(R"([[protect.rule]]
to = ["*"]
[[protect.rule]]
to = ["x.nl"]
[[protect.rule]]
to = ["x.nl"]
from = ["kantoor.nl"]
[[protect.rule]]
to = ["y.nl", "x.nl"]
from = ["kantoor.nl"]
[[protect.rule]]
to = ["x.nl"]
from = ["els@kantoor.nl"]
[[protect.rule]]
to = ["y.nl"]
)");
  std::string text;
  for (const Considered& one :
       explain_choice(settings, sender_of("piet@kantoor.nl"), recipient_of("jan@x.nl").mailbox)) {
    text.append(one.rule).append(one.won ? " WON " : one.matches ? " matches " : " - ").append(one.why).append("\n");
  }
  EXPECT_EQ(text,
            "policy:1 matches to * is less specific than to x.nl of policy:5\n"
            "policy:3 matches from * is less specific than from kantoor.nl of policy:5\n"
            "policy:5 WON to x.nl, from kantoor.nl: the most specific that matches\n"
            "policy:8 matches as specific as policy:5, which was written first\n"
            "policy:11 - from does not match\n"
            "policy:14 - to does not match\n");
}

TEST(Explain, AgreesWithWhatIsDecided) {
  const auto settings = settings_of("[[protect.rule]]\nto = [\"*\"]\n[[protect.rule]]\nto = [\".x.nl\"]\n");
  for (const char* to : {"jan@x.nl", "jan@a.x.nl"}) {
    mail::Envelope envelope{.from = sender_of("<>"), .to = {recipient_of(to)}};
    const Plan plan = decide(envelope, {}, settings, FakeDirectory(""), Time());
    for (const Considered& one : explain_choice(settings, envelope.from, envelope.to[0].mailbox)) {
      EXPECT_EQ(one.won, one.rule == plan.decisions[0].rule) << to;
    }
  }
}

}  // namespace
}  // namespace zegel::decide
