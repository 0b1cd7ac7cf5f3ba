#include "seal/sealer.h"

#include "mail/header.h"
#include "seal/clear_by_rule.h"
#include "seal/groups.h"
#include "seal/keys.h"
#include "seal/pgp_engine.h"
#include "seal/pgp_sealer.h"
#include "seal/smime_sealer.h"
#include "seal/zip_sealer.h"

namespace zegel::seal {

namespace {

using Outcome = std::expected<Sealed, SealFailure>;

Outcome lasting(Result<Sealed> result) {
  if (result) return std::move(*result);
  return std::unexpected(SealFailure{std::move(result.error()), false});
}

/// One message, and all that its copies have in common.
class Work {
 public:
  Work(const Keys& keys, PgpEngine* pgp, const Covers& covers, const mail::Message& message,
       const mail::Structure& structure, const mail::Envelope& envelope, const SealContext& context)
      : keys_(keys),
        pgp_(pgp),
        covers_(covers),
        message_(message),
        structure_(structure),
        envelope_(envelope),
        context_(context) {}

  Outcome seal(const Group& group) const {
    const decide::Send& send = group.send;
    if (send.already_sealed || send.nothing_to_lock) return ClearByRule::pass(message_, structure_, send.strip_tag);
    switch (send.method) {
      case Method::smime:
        return smime(send);
      case Method::pgp:
        return pgp(send);
      case Method::zip:
      case Method::zip_attachments:
        return zip(group);
      case Method::clear:
        return ClearByRule::pass(message_, structure_, send.strip_tag);
    }
    return std::unexpected(SealFailure{{"an unknown method"}, false});
  }

 private:
  Outcome smime(const decide::Send& send) const {
    const SmimeSealer sealer(keys_);
    return lasting(
        sealer.seal(message_, structure_,
                    {send.keys, signer(send), send.cipher, {send.strip_tag, send.hide_subject}, context_.now}));
  }

  Outcome pgp(const decide::Send& send) const {
    if (pgp_ == nullptr) return std::unexpected(SealFailure{{"no PGP engine"}, true});
    const PgpSealer sealer(keys_, *pgp_);
    return sealer.seal(message_, structure_,
                       {send.keys, signer(send), {send.strip_tag, send.hide_subject}, context_.now});
  }

  Outcome zip(const Group& group) const {
    const decide::Send& send = group.send;
    return lasting(ZipSealer::seal(message_, structure_,
                                   {.method = send.method,
                                    .language = send.language,
                                    .password = group.password,
                                    .reference = context_.reference,
                                    .phone = context_.office_phone,
                                    .strip_tag = send.strip_tag,
                                    .locked = send.locked,
                                    .cover = &covers_.of(send.language, send.method)}));
  }

  /// A signature says who wrote the message: only the one who hands it in may have it made, under his own From.
  const mail::Mailbox* signer(const decide::Send& send) const {
    if (!send.sign || !envelope_.from) return nullptr;
    const auto from = mail::find(message_.slice(structure_.root().header), "From");
    const auto authors = from.size() == 1 ? mail::parse_addresses(from.front().value())
                                          : Result<std::vector<mail::Address>>(fail("not one From"));
    const bool wrote_it =
        authors && authors->size() == 1 && mail::folded(authors->front().mailbox) == mail::folded(*envelope_.from);
    return wrote_it ? &*envelope_.from : nullptr;
  }

  const Keys& keys_;
  PgpEngine* pgp_;
  const Covers& covers_;
  const mail::Message& message_;
  const mail::Structure& structure_;
  const mail::Envelope& envelope_;
  const SealContext& context_;
};

/// The password goes along only where somebody must be told of it.
Copy copy_of(Group group, Sealed sealed) {
  const decide::Send& send = group.send;
  const bool new_password = !group.password.empty() && send.password != PasswordMode::agreed;
  return {.message = std::move(sealed),
          .recipients = std::move(group.recipients),
          // Nothing may pretend to be protected: what had nothing to lock left as it was.
          .method = send.nothing_to_lock ? Method::clear : send.method,
          .was_sealed_already = send.already_sealed,
          .keys = send.already_sealed ? std::vector<std::string>() : send.keys,
          .rule = std::move(group.rule),
          .tls = send.tls,
          .language = send.language,
          .password_mode = send.password,
          .password = new_password ? std::move(group.password) : Secret()};
}

}  // namespace

Sealer::Sealer(std::shared_ptr<const Keys> keys, std::shared_ptr<PgpEngine> pgp, Covers covers)
    : keys_(std::move(keys)), pgp_(std::move(pgp)), covers_(std::move(covers)) {}

Sealer::~Sealer() = default;

std::expected<std::vector<Copy>, SealFailure> Sealer::seal(const decide::Plan& plan, const mail::Message& message,
                                                           const mail::Structure& structure,
                                                           const mail::Envelope& envelope,
                                                           const SealContext& context) const {
  auto groups = group(plan, message, structure, context);
  if (!groups) return std::unexpected(SealFailure{std::move(groups.error()), false});
  const Work work(*keys_, pgp_.get(), covers_, message, structure, envelope, context);
  std::vector<Copy> copies;
  for (Group& one : *groups) {
    auto sealed = work.seal(one);
    if (!sealed) return std::unexpected(std::move(sealed.error()));
    copies.push_back(copy_of(std::move(one), std::move(*sealed)));
  }
  return copies;
}

}  // namespace zegel::seal
