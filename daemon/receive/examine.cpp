#include "receive/examine.h"

#include "receive/sender_rules.h"

namespace zegel::receive {

namespace {

/// The keys on file, and the passwords agreed with people: all the ways in which a recipient can be reached.
class WaysToReach : public decide::Directory {
 public:
  WaysToReach(const seal::Keys& keys, const World& world, seconds agreed_for)
      : keys_(keys), world_(world), agreed_for_(agreed_for) {}

  std::vector<decide::Candidate> certificates(const mail::Mailbox& mailbox, Time now) const override {
    return keys_.certificates(mailbox, now);
  }
  std::vector<decide::Candidate> domain_certificates(const mail::Mailbox& mailbox, Time now) const override {
    return keys_.domain_certificates(mailbox, now);
  }
  std::vector<decide::Candidate> pgp_keys(const mail::Mailbox& mailbox, Time now) const override {
    return keys_.pgp_keys(mailbox, now);
  }
  decide::Agreed agreed_password(const mail::Mailbox& mailbox, Time now) const override {
    const auto agreed = world_.agreed_password ? world_.agreed_password(mailbox) : std::nullopt;
    if (!agreed) return decide::Agreed::none;
    return now < agreed->since + agreed_for_ ? decide::Agreed::good : decide::Agreed::too_old;
  }
  std::string unreadable(Method method) const override { return keys_.unreadable(method); }
  bool can_sign(Method method, const mail::Mailbox& sender, Time now) const override {
    return keys_.can_sign(method, sender, now);
  }

 private:
  const seal::Keys& keys_;
  const World& world_;
  seconds agreed_for_;
};

Refused unreadable(const mail::Flaw& flaw) {
  return {{554, "5.6.0", flaw.why}, "unreadable", "", std::string(flaw.name) + ": " + flaw.why};
}

Refused wrong_sender(const Error& error) { return {{550, "5.7.1", error.say}, "sender", "", error.why}; }

Refused no_way(const decide::Decision& decision, const decide::Refuse& refuse) {
  const std::string recipient = decision.recipient.mailbox.address();
  const std::string text = "<" + recipient + ">: " + refuse.say;
  if (refuse.temporary) return {{451, "4.3.0", text}, "sealing-away", recipient, refuse.why};
  if (refuse.ambiguous) return {{554, "5.6.0", text}, "unreadable", recipient, refuse.why};
  return {{550, "5.7.5", text}, "no-way-to-seal", recipient, refuse.why};
}

Refused not_sealed(const seal::SealFailure& failure) {
  if (failure.temporary)
    return {{451, "4.3.0", "cannot seal just now, try again"}, "sealing-away", "", failure.error.why};
  const std::string say = failure.error.say.empty() ? "this message cannot be sealed" : failure.error.say;
  return {{550, "5.7.5", say}, "sealing-failed", "", failure.error.why};
}

}  // namespace

std::expected<decide::Plan, Refused> judge(const Snapshot& snapshot, const mail::Envelope& envelope,
                                           const mail::Message& message, const mail::Structure& structure,
                                           const World& world) {
  if (const mail::Flaw* flaw = structure.fatal()) return std::unexpected(unreadable(*flaw));
  if (const auto allowed = may_sign_as(message, structure, *snapshot.settings); !allowed)
    return std::unexpected(wrong_sender(allowed.error()));
  const config::Settings& settings = *snapshot.settings;
  const WaysToReach ways(*snapshot.keys, world, settings.zip.agreed_for);
  return decide::decide(envelope, seal::look(message, structure, decide::reads_files(settings)), settings, ways,
                        world.now);
}

Examination examine(const Snapshot& snapshot, const mail::Envelope& envelope, const mail::Message& message,
                    const World& world) {
  const config::Settings& settings = *snapshot.settings;
  const mail::Structure structure = mail::scan(message);
  auto judged = judge(snapshot, envelope, message, structure, world);
  if (!judged) return {{}, std::move(judged.error())};
  decide::Plan plan = std::move(*judged);
  if (const decide::Decision* decision = plan.refused()) {
    Refused refused = no_way(*decision, std::get<decide::Refuse>(decision->what));
    return {std::move(plan), std::move(refused)};
  }
  if (const decide::Decision* decision = plan.held()) {
    MustWait wait{std::get<decide::Hold>(decision->what).why, "", decision->recipient.mailbox.address()};
    return {std::move(plan), std::move(wait)};
  }
  if (world.doubt) return {std::move(plan), *world.doubt};
  // Only whom the plan found a good one for is asked about here.
  const auto agreed = [&](const mail::Mailbox& mailbox) -> std::optional<Secret> {
    auto found = world.agreed_password ? world.agreed_password(mailbox) : std::nullopt;
    return found ? std::optional(std::move(found->password)) : std::nullopt;
  };
  const seal::SealContext context{world.reference, world.now, settings.office.phone, settings.zip.words, agreed};
  auto copies = snapshot.sealer->seal(plan, message, structure, envelope, context);
  if (!copies) return {std::move(plan), not_sealed(copies.error())};
  return {std::move(plan), std::move(*copies)};
}

}  // namespace zegel::receive
