#include "seal/encrypted_already.h"

#include <algorithm>

#include "core/text.h"
#include "mail/content.h"
#include "seal/armor.h"
#include "seal/openssl.h"
#include "seal/packets.h"

namespace zegel::seal {

namespace {

/// What PGP programs write before the first part, for readers that know no MIME.
bool says_nothing(std::string_view preamble) {
  const std::string_view text = text::trim(preamble);
  return text.empty() || text == "This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)" ||
         text == "This is an OpenPGP/MIME encrypted message (RFC 2440 and 3156)";
}

bool is_version_one(const mail::Message& message, const mail::Part& part) {
  const auto text = mail::decode(message, part);
  return part.is("application", "pgp-encrypted") && text && text::equal_folded(text::trim(*text), "Version: 1");
}

bool is_encrypted_openpgp(std::string_view body) {
  const auto binary = pgp::dearmor(body, "MESSAGE");
  const auto all = binary ? pgp::packets(*binary) : Result<std::vector<pgp::Packet>>(fail("not armoured"));
  if (!all || all->size() < 2 || all->back().tag != pgp::Tag::seipd) return false;
  return std::ranges::all_of(all->begin(), all->end() - 1, [](const pgp::Packet& packet) {
    return packet.tag == pgp::Tag::pkesk || packet.tag == pgp::Tag::skesk;
  });
}

}  // namespace

bool is_smime_encrypted(const mail::Message& message, const mail::Structure& structure) {
  const mail::Part& root = structure.root();
  if (!root.is("application", "pkcs7-mime") && !root.is("application", "x-pkcs7-mime")) return false;
  const auto der = mail::decode(message, root);
  if (!der) return false;
  const CmsHandle cms = read_whole_cms(*der);
  if (cms == nullptr) return false;
  const int type = OBJ_obj2nid(CMS_get0_type(cms.get()));
  if (type != NID_pkcs7_enveloped && type != NID_id_smime_ct_authEnvelopedData) return false;
  return sk_CMS_RecipientInfo_num(CMS_get0_RecipientInfos(cms.get())) > 0;
}

bool is_pgp_encrypted(const mail::Message& message, const mail::Structure& structure) {
  const mail::Part& root = structure.root();
  if (!root.is("multipart", "encrypted") || structure.parts().size() != 3 || root.children.size() != 2) return false;
  const mail::Part& version = structure.parts()[root.children[0]];
  const mail::Part& sealed = structure.parts()[root.children[1]];
  const bool alone = says_nothing(message.slice(root.preamble)) && text::trim(message.slice(root.epilogue)).empty();
  if (!alone || !is_version_one(message, version)) return false;
  const auto body = mail::decode(message, sealed);
  return sealed.is("application", "octet-stream") && body && is_encrypted_openpgp(*body);
}

}  // namespace zegel::seal
