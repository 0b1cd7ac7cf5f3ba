// Outside bytes that this room reads: OpenPGP packets and armour, certificates in every form, Web Key Directory
// answers.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "seal/armor.h"
#include "seal/bundle.h"
#include "seal/certificate.h"
#include "seal/packets.h"
#include "seal/pgp_check.h"
#include "seal/web_key.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zegel;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto all = seal::pgp::packets(bytes)) {
    std::size_t together = 0;
    for (const seal::pgp::Packet& packet : *all) {
      together += packet.whole.size();
      static_cast<void>(seal::pgp::recipient_of(packet));
      static_cast<void>(seal::pgp::fingerprint_of(packet));
    }
    if (together != size) __builtin_trap();
  }
  if (seal::check_message(bytes, {}, 0) && bytes.size() < 2) __builtin_trap();
  static_cast<void>(seal::pgp::dearmor(bytes, "MESSAGE"));
  const auto mailbox = mail::parse_mailbox("jan@klant.nl").value();
  static_cast<void>(seal::web_keys_of(bytes, mailbox));
  if (const auto bundle = seal::read_bundle(bytes, [] { return zegel::Secret("x"); })) {
    for (const auto& x509 : bundle->certificates) static_cast<void>(seal::read_certificate(x509.get()).description());
  }
  return 0;
}
