#include "seal/detached_signature.h"

#include <algorithm>

#include "mail/content.h"
#include "seal/armor.h"
#include "seal/openssl.h"
#include "seal/packets.h"

namespace zegel::seal {

namespace {

bool is_second_of_signed(const mail::Structure& structure, std::uint32_t part) {
  const std::uint32_t parent = structure.parts()[part].parent;
  if (parent == mail::Part::none) return false;
  const mail::Part& around = structure.parts()[parent];
  return around.is("multipart", "signed") && around.children.size() == 2 && around.children[1] == part;
}

bool is_cms_signature(std::string_view der) {
  const CmsHandle cms = read_whole_cms(der);
  if (cms == nullptr || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) return false;
  ASN1_OCTET_STRING** content = CMS_get0_content(cms.get());
  return content != nullptr && *content == nullptr;
}

bool is_openpgp_signature(std::string_view text) {
  const auto binary = pgp::dearmor(text, "SIGNATURE");
  const auto packets = binary ? pgp::packets(*binary) : Result<std::vector<pgp::Packet>>(fail("not armoured"));
  const auto is_signature = [](const pgp::Packet& packet) { return packet.tag == pgp::Tag::signature; };
  return packets && !packets->empty() && std::ranges::all_of(*packets, is_signature);
}

}  // namespace

bool is_detached_signature(const mail::Message& message, const mail::Structure& structure, std::uint32_t index) {
  if (!is_second_of_signed(structure, index)) return false;
  const mail::Part& part = structure.parts()[index];
  const auto bytes = mail::decode(message, part);
  if (!bytes) return false;
  if (part.is("application", "pgp-signature")) return is_openpgp_signature(*bytes);
  const bool smime = part.is("application", "pkcs7-signature") || part.is("application", "x-pkcs7-signature");
  return smime && is_cms_signature(*bytes);
}

}  // namespace zegel::seal
