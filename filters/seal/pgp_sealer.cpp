#include "seal/pgp_sealer.h"

#include "core/random.h"
#include "core/text.h"
#include "mail/compose.h"
#include "seal/armor.h"
#include "seal/keys_content.h"
#include "seal/pgp_check.h"

namespace zegel::seal {

namespace {

std::unexpected<SealFailure> failed(std::string why, bool temporary) {
  return std::unexpected(SealFailure{{std::move(why)}, temporary});
}

Result<std::vector<const PgpKey*>> recipients_of(const PgpRing& ring, const PgpSealer::Request& request) {
  std::vector<const PgpKey*> recipients;
  for (const std::string& fingerprint : request.keys) {
    const PgpKey* key = ring.by_fingerprint(fingerprint);
    if (key == nullptr) return fail("PGP key " + fingerprint + " is not there any more");
    if (const std::string why = key->why_not(request.now); !why.empty())
      return fail("PGP key " + fingerprint + ": " + why);
    recipients.push_back(key);
  }
  if (recipients.empty()) return fail("no PGP key to encrypt to");
  return recipients;
}

/// The message up to the armour, and what follows it (RFC 3156 4).
struct Frame {
  std::string before;
  std::string after;
};

Frame frame(std::string_view outer_fields) {
  const std::string boundary = "=_" + text::hex(random_bytes(20));
  const std::string type = "multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=\"" + boundary + "\"";
  Frame frame;
  frame.before = mail::compose_message(outer_fields, mail::Entity::leaf({{"Content-Type", type}}, ""));
  frame.before += "--" + boundary + "\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--" +
                  boundary +
                  "\r\nContent-Type: application/octet-stream; name=\"encrypted.asc\"\r\n"
                  "Content-Disposition: inline; filename=\"encrypted.asc\"\r\n\r\n";
  frame.after = "\r\n--" + boundary + "--\r\n";
  return frame;
}

}  // namespace

std::expected<Sealed, SealFailure> PgpSealer::seal(const mail::Message& message, const mail::Structure& structure,
                                                   const Request& request) const {
  const PgpRing& ring = keys_.content_->pgp;
  auto recipients = recipients_of(ring, request);
  if (!recipients) return failed(recipients.error().why, false);
  Inner inner = inner_layer(message, structure, request.layering);
  const PgpKey* signer = request.signer ? ring.signer(*request.signer, request.now) : nullptr;
  if (signer != nullptr) inner = signable(std::move(inner));
  const PgpJob job{inner.pieces(), *recipients, signer};

  const auto binary = engine_.encrypt(job);
  if (!binary) return std::unexpected(binary.error());
  if (auto checked = check_message(*binary, *recipients, job.size()); !checked) {
    return failed("gpg made something other than was asked for: " + checked.error().why, true);
  }
  const Frame frame = seal::frame(outer_layer(message, structure, request.layering));
  std::string sealed;
  sealed.reserve(frame.before.size() + binary->size() / 3 * 4 + binary->size() / 32 + 256);
  sealed += frame.before;
  pgp::armor(*binary, sealed);
  sealed += frame.after;
  return Sealed(Sealed::Stamp(), std::move(sealed));
}

}  // namespace zegel::seal
