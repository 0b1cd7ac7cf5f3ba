#include <algorithm>
#include <array>
#include <charconv>

#include <openssl/evp.h>

#include "core/base64.h"
#include "core/handle.h"
#include "seal/compound_file.h"
#include "seal/contains.h"
#include "seal/locked.h"

/// Encrypted Office files ([MS-OFFCRYPTO] 2.3.4): the whole docx, xlsx or pptx lies encrypted in a stream of a compound
/// file, and an XML document beside it says how ("agile", Office 2010 and later). What came before has weak ciphers.
namespace zegel::seal {

namespace {

constexpr std::size_t largest_info = 16UZ * 1024;
constexpr std::string_view info_version("\x04\x00\x04\x00\x40\x00\x00\x00", 8);

/// What an encrypted file consists of. Anything else may lie open.
constexpr std::string_view known_entries[] = {
    "Root Entry",    "EncryptionInfo", "EncryptedPackage",          "\006DataSpaces", "Version",
    "DataSpaceMap",  "DataSpaceInfo",  "StrongEncryptionDataSpace",
    "\001Sh33tJ5",  // libraries in JavaScript sign with it
    "TransformInfo", "\006Primary",    "StrongEncryptionTransform",
};

/// Excel encrypts with this one where it promised only a lock against changes, and opens such a file without asking.
constexpr std::string_view known_password("V\0e\0l\0v\0e\0t\0S\0w\0e\0a\0t\0s\0h\0o\0p\0", 30);
constexpr unsigned most_rounds = 1'000'000;
constexpr std::string_view verifier_input("\xFE\xA7\xD2\x76\x3B\x4B\x9E\x79", 8);
constexpr std::string_view verifier_value("\xD7\xAA\x0F\x6D\x30\x61\x34\x4E", 8);

const unsigned char* raw(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

/// `name="…"` of one XML element, as Office and its likes write them; empty when there is none.
std::string_view attribute(std::string_view element, std::string_view name) {
  const std::string head = " " + std::string(name) + "=\"";
  const std::size_t at = element.find(head);
  if (at == std::string_view::npos) return {};
  const std::string_view from = element.substr(at + head.size());
  return from.substr(0, std::min(from.find('"'), from.size()));
}

std::string octets_of(std::string_view element, std::string_view name) {
  return base64::decode(attribute(element, name)).value_or("");
}

unsigned number_of(std::string_view element, std::string_view name) {
  const std::string_view digits = attribute(element, name);
  unsigned value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// How the file's key is locked with a password.
struct PasswordLock {
  std::string salt, input, value;
  unsigned rounds, key_octets;
};

/// The `encryptedKey` of the XML. Nothing when it is not AES with SHA-512, which is what programs write.
std::optional<PasswordLock> read_lock(std::string_view xml) {
  const std::size_t at = xml.find("encryptedKey ");
  if (at == std::string_view::npos || xml.find("encryptedKey ", at + 1) != std::string_view::npos) return std::nullopt;
  const std::string_view element = xml.substr(at, xml.find('>', at) - at);
  const std::size_t data = xml.find("<keyData ");
  if (data == std::string_view::npos ||
      attribute(xml.substr(data, xml.find('>', data) - data), "cipherAlgorithm") != "AES")
    return std::nullopt;
  if (attribute(element, "cipherAlgorithm") != "AES" || attribute(element, "hashAlgorithm") != "SHA512" ||
      attribute(element, "cipherChaining") != "ChainingModeCBC") {
    return std::nullopt;
  }
  PasswordLock lock{octets_of(element, "saltValue"), octets_of(element, "encryptedVerifierHashInput"),
                    octets_of(element, "encryptedVerifierHashValue"), number_of(element, "spinCount"),
                    number_of(element, "keyBits") / 8};
  const bool whole = lock.salt.size() == 16 && lock.input.size() == 16 && lock.value.size() == 64 &&
                     lock.rounds <= most_rounds && (lock.key_octets == 16 || lock.key_octets == 32);
  return whole ? std::optional(std::move(lock)) : std::nullopt;
}

std::string sha512(std::string_view first, std::string_view second) {
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  std::string out(64, '\0');
  const bool done = context && EVP_DigestInit_ex(context.get(), EVP_sha512(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), first.data(), first.size()) == 1 &&
                    EVP_DigestUpdate(context.get(), second.data(), second.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(out.data()), nullptr) == 1;
  return done ? out : std::string();
}

/// AES-CBC without padding.
std::string decrypt(std::string_view bytes, std::string_view key, std::string_view iv) {
  const Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  const EVP_CIPHER* cipher = key.size() == 16 ? EVP_aes_128_cbc() : EVP_aes_256_cbc();
  std::string out(bytes.size() + 16, '\0');
  int size = 0;
  const bool done = context && EVP_DecryptInit_ex(context.get(), cipher, nullptr, raw(key), raw(iv)) == 1 &&
                    EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
                    EVP_DecryptUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, raw(bytes),
                                      static_cast<int>(bytes.size())) == 1;
  out.resize(done ? bytes.size() : 0);
  return out;
}

/// 2.3.4.11 and 13: the password's hash opens a hash and what it was made of.
bool opens_with(std::string_view password, const PasswordLock& lock) {
  std::string hash = sha512(lock.salt, password);
  for (unsigned i = 0; i < lock.rounds; ++i) {
    const std::array<char, 4> count = {static_cast<char>(i), static_cast<char>(i >> 8), static_cast<char>(i >> 16),
                                       static_cast<char>(i >> 24)};
    hash = sha512({count.data(), count.size()}, hash);
  }
  const auto opened = [&](std::string_view what, std::string_view block) {
    return decrypt(what, sha512(hash, block).substr(0, lock.key_octets), lock.salt);
  };
  return sha512(opened(lock.input, verifier_input), {}) == opened(lock.value, verifier_value);
}

const CompoundFile::Entry* find(const CompoundFile& file, std::string_view name) {
  const auto at = std::ranges::find(file.entries(), name, &CompoundFile::Entry::name);
  return at == file.entries().end() || at->kind != 2 ? nullptr : &*at;
}

}  // namespace

bool is_locked_office(std::string_view bytes) {
  const auto file = CompoundFile::open(bytes);
  if (!file) return false;
  for (const auto& entry : file->entries()) {
    if (!contains(known_entries, entry.name)) return false;
  }
  const auto* package = find(*file, "EncryptedPackage");
  const auto* info = find(*file, "EncryptionInfo");
  // Its size stands before it; the rest of the file is tables.
  if (package == nullptr || info == nullptr || package->size < 64 || package->size > bytes.size()) return false;
  const auto how = file->read(*info, largest_info);
  if (!how || !how->starts_with(info_version)) return false;
  const auto lock = read_lock(*how);
  return lock && !opens_with({}, *lock) && !opens_with(known_password, *lock);
}

}  // namespace zegel::seal
