#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <openssl/evp.h>

#include "core/digest.h"
#include "seal/sha1.h"

/// Keyrings of any size in no time: real version 4 keys (Ed25519 with a Curve25519 subkey, RFC 4880 and RFC 6637), made
/// with OpenSSL, as gpg would take a minute for every thousand.
namespace zegel::bench {

class KeyMaker {
 public:
  /// A whole public key for `uid`, made at `time`. `checked`: as it lies in a ring whose gpg found its signatures good,
  /// which is what a ring is that gpg took its keys into.
  static std::string make(const std::string& uid, std::uint32_t time, bool checked = false) {
    const std::string found_good(checked ? std::string("\xB0\x06\x00\x03gpg\x00", 8) : "");
    const KeyMaker primary(time, "ED25519");
    const KeyMaker subkey(time, "X25519");
    const std::string body = primary.body(22, std::string("\x09\x2B\x06\x01\x04\x01\xDA\x47\x0F\x01", 10), "");
    const std::string sub = subkey.body(18, std::string("\x0A\x2B\x06\x01\x04\x01\x97\x55\x01\x05\x01", 11),
                                        std::string("\x03\x01\x08\x09", 4));
    const std::string certified = hashed_key(body) + '\xB4' + number(uid.size(), 4) + uid;
    return packet(6, body) + packet(13, uid) + primary.signature(0x13, body, certified, "\x03") + found_good +
           packet(14, sub) + primary.signature(0x18, body, hashed_key(body) + hashed_key(sub), "\x0C") + found_good;
  }

 private:
  KeyMaker(std::uint32_t time, const char* kind) : time_(time), key_(EVP_PKEY_Q_keygen(nullptr, nullptr, kind)) {}
  KeyMaker(const KeyMaker&) = delete;
  KeyMaker& operator=(const KeyMaker&) = delete;

 public:
  ~KeyMaker() { EVP_PKEY_free(key_); }

 private:
  static std::string number(std::size_t value, int octets) {
    std::string out;
    while (octets-- > 0) out += static_cast<char>(value >> (8 * octets) & 0xFF);
    return out;
  }
  static std::string packet(int tag, const std::string& body) {
    return static_cast<char>(0xC0 | tag) + (std::string(1, '\xFF') + number(body.size(), 4)) + body;
  }
  static std::string hashed_key(const std::string& body) { return '\x99' + number(body.size(), 2) + body; }
  static std::string subpacket(int type, const std::string& body) {
    return static_cast<char>(body.size() + 1) + (static_cast<char>(type) + body);
  }
  /// Without leading zero bits, as a multiprecision integer must be.
  static std::string integer(std::string value) {
    while (!value.empty() && value.front() == 0) value.erase(0, 1);
    std::size_t bits = value.size() * 8;
    if (!value.empty()) {
      for (int top = 0x80; (static_cast<unsigned char>(value.front()) & top) == 0; top >>= 1) --bits;
    }
    return number(bits, 2) + value;
  }

  [[nodiscard]] std::string body(int algorithm, const std::string& curve, const std::string& more) const {
    std::string point(33, '\x40');
    std::size_t size = 32;
    EVP_PKEY_get_raw_public_key(key_, reinterpret_cast<unsigned char*>(point.data() + 1), &size);
    return '\x04' + number(time_, 4) + static_cast<char>(algorithm) + curve + integer(point) + more;
  }

  /// By this primary key, whose packet body is `own`.
  [[nodiscard]] std::string signature(int type, const std::string& own, const std::string& what,
                                      const std::string& flags) const {
    const std::string subpackets =
        subpacket(2, number(time_, 4)) + subpacket(27, flags) + subpacket(30, "\x01") + subpacket(11, "\x09\x08\x07");
    const std::string head =
        '\x04' + (static_cast<char>(type) + std::string("\x16\x08", 2)) + number(subpackets.size(), 2) + subpackets;
    const std::string digest = sha256(what + head + '\x04' + '\xFF' + number(head.size(), 4));
    std::string made(64, '\0');
    std::size_t size = made.size();
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_);
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(made.data()), &size,
                   reinterpret_cast<const unsigned char*>(digest.data()), digest.size());
    EVP_MD_CTX_free(context);
    const std::string issuer = subpacket(16, seal::sha1(hashed_key(own)).substr(12));
    return packet(2, head + number(issuer.size(), 2) + issuer + digest.substr(0, 2) + integer(made.substr(0, 32)) +
                         integer(made.substr(32)));
  }

  std::uint32_t time_;
  EVP_PKEY* key_;
};

}  // namespace zegel::bench
