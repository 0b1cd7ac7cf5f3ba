#include "seal/smime_sealer.h"

#include <algorithm>

#include "core/base64.h"
#include "core/random.h"
#include "core/text.h"
#include "mail/compose.h"
#include "seal/cms.h"
#include "seal/keys_content.h"

namespace zegel::seal {

namespace {

Result<std::vector<const Certificate*>> recipients_of(const SmimeFolder& folder, const SmimeSealer::Request& request) {
  std::vector<const Certificate*> recipients;
  for (const std::string& key : request.keys) {
    const SmimeEntry* entry = folder.by_fingerprint(key);
    if (entry == nullptr) return fail("certificate " + key + " is not there any more");
    if (const std::string why = entry->why_not(request.now); !why.empty())
      return fail("certificate " + key + ": " + why);
    recipients.push_back(&entry->certificate);
  }
  return recipients;
}

/// AES-GCM where the rule says so, or where every recipient's certificate does.
Cipher cipher_for(Cipher asked, const std::vector<const Certificate*>& recipients) {
  const bool all_read_gcm = std::ranges::all_of(recipients, &Certificate::reads_gcm);
  return asked == Cipher::aes256_gcm || all_read_gcm ? Cipher::aes256_gcm : Cipher::aes256_cbc;
}

/// The parts of a multipart/signed (RFC 8551 3.5.3.2) around the content, which is not copied.
struct Signed {
  std::string before;
  std::string after;
};

Signed frame(std::string_view signature) {
  const std::string boundary = "=_" + text::hex(random_bytes(20));
  Signed frame;
  frame.before =
      "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";\r\n micalg=\"sha-256\"; boundary=\"" +
      boundary + "\"\r\n\r\n--" + boundary + "\r\n";
  frame.after = "\r\n--" + boundary +
                "\r\nContent-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n"
                "Content-Transfer-Encoding: base64\r\n"
                "Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n" +
                base64::encode_lines(signature) + "--" + boundary + "--\r\n";
  return frame;
}

std::string_view smime_type(Cipher cipher) {
  return cipher == Cipher::aes256_gcm ? "authEnveloped-data" : "enveloped-data";
}

/// The DER of so much content at most: octet strings of 4 KB, each with a head, and what CMS says around them.
std::size_t enveloped_size(std::size_t content) { return content + content / 512 + 4096; }

/// The message up to its body, which follows as base64.
std::string head(std::string_view outer_fields, Cipher cipher) {
  const std::string type =
      "application/pkcs7-mime; smime-type=" + std::string(smime_type(cipher)) + "; name=\"smime.p7m\"";
  return mail::compose_message(outer_fields,
                               mail::Entity::leaf({{"Content-Type", type},
                                                   {"Content-Transfer-Encoding", "base64"},
                                                   {"Content-Disposition", "attachment; filename=\"smime.p7m\""}},
                                                  ""));
}

}  // namespace

Result<Sealed> SmimeSealer::seal(const mail::Message& message, const mail::Structure& structure,
                                 const Request& request) const {
  const SmimeFolder& folder = keys_.content_->smime;
  const auto recipients = recipients_of(folder, request);
  if (!recipients) return std::unexpected(recipients.error());
  const Cipher cipher = cipher_for(request.cipher, *recipients);

  Inner inner = inner_layer(message, structure, request.layering);
  const SmimeEntry* signer = request.signer ? folder.signer(*request.signer, request.now) : nullptr;
  if (signer != nullptr) inner = signable(std::move(inner));
  cms::Pieces content = inner.pieces();
  Signed around;
  if (signer != nullptr) {
    const auto signature =
        cms::sign(content, signer->certificate.x509.get(), signer->key.get(), folder.chain_above(*signer));
    if (!signature) return std::unexpected(signature.error());
    around = frame(*signature);
    content.insert(content.begin(), around.before);
    content.push_back(around.after);
  }

  std::string sealed = head(outer_layer(message, structure, request.layering), cipher);
  const std::size_t clear_size = inner.size() + around.before.size() + around.after.size();
  sealed.reserve(sealed.size() + base64_size(enveloped_size(clear_size)));
  Base64Sink sink(sealed);
  if (auto encrypted = cms::encrypt(content, *recipients, cipher, sink); !encrypted) {
    return std::unexpected(encrypted.error());
  }
  return Sealed(Sealed::Stamp(), std::move(sealed));
}

}  // namespace zegel::seal
