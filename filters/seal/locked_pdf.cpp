#include <algorithm>
#include <array>
#include <charconv>

#include <openssl/evp.h>

#include "core/handle.h"
#include "core/text.h"
#include "seal/locked.h"
#include "seal/pdf_dictionary.h"

/// Encryption of PDFs (ISO 32000-2, 7.6), the standard security handler with AES-256 only (V 5; R 6, or Adobe's R 5).
/// Older ones rest on RC4 or MD5.
namespace zegel::seal {

namespace {

constexpr std::size_t tail = 2'048;
constexpr std::size_t key_size = 32;
constexpr std::size_t salt_size = 8;

const unsigned char* raw(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

std::string digest(const EVP_MD* kind, std::string_view bytes) {
  std::array<char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  const bool done =
      EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size, kind, nullptr) == 1;
  return done ? std::string(out.data(), size) : std::string();
}

/// AES-128-CBC without padding, or nothing.
std::string encrypt(std::string_view bytes, std::string_view key, std::string_view iv) {
  const Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  std::string out(bytes.size(), '\0');
  int size = 0;
  const bool done = context && EVP_EncryptInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, raw(key), raw(iv)) == 1 &&
                    EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
                    EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, raw(bytes),
                                      static_cast<int>(bytes.size())) == 1;
  return done ? out : std::string();
}

/// Algorithm 2.B for the empty user password: what a reader hashes to see whether it opens the file.
std::string hash_of_no_password(std::string_view salt, int revision) {
  std::string key = digest(EVP_sha256(), salt);
  for (int round = 0; revision == 6; ++round) {
    std::string block;
    for (int i = 0; i < 64; ++i) block += key;
    const std::string e = encrypt(block, key.substr(0, 16), key.substr(16, 16));
    if (e.empty()) return {};
    int sum = 0;  // the first 16 octets as a number, modulo 3
    for (const char c : e.substr(0, 16)) sum += static_cast<unsigned char>(c);
    key = digest(sum % 3 == 0 ? EVP_sha256() : sum % 3 == 1 ? EVP_sha384() : EVP_sha512(), e);
    if (round >= 63 && static_cast<unsigned char>(e.back()) <= round - 31) break;
    if (round > 10'000 || key.empty()) return {};
  }
  return key.substr(0, key_size);
}

std::string_view value(const PdfDictionary& dictionary, std::string_view key) {
  const auto at = dictionary.find(key);
  return at == dictionary.end() ? std::string_view() : std::string_view(at->second);
}

/// The dictionary of the trailer, or of the stream that stands for it: where `startxref` at the end leads to.
std::optional<PdfDictionary> trailer_of(std::string_view file) {
  const std::string_view last = file.substr(file.size() - std::min(file.size(), tail));
  const std::size_t word = last.rfind("startxref");
  if (word == std::string_view::npos) return std::nullopt;
  const std::string_view digits = text::trim(last.substr(word + 9, 20));
  std::size_t at = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), at).ec != std::errc() || at >= file.size())
    return std::nullopt;
  const std::string_view there = file.substr(at);
  const std::size_t from = there.starts_with("xref") ? there.find("trailer") : there.substr(0, 64).find("obj");
  if (from == std::string_view::npos) return std::nullopt;
  return read_pdf_dictionary(there.substr(from + (there.starts_with("xref") ? 7 : 3)));
}

std::optional<PdfDictionary> encryption_of(std::string_view file) {
  const auto trailer = trailer_of(file);
  if (!trailer) return std::nullopt;
  const std::string_view written = value(*trailer, "Encrypt");
  return written.starts_with("<<") ? read_pdf_dictionary(written) : find_pdf_object(file, written);
}

/// Whether all strings and streams go through AES-256, metadata too.
bool covers_everything(const PdfDictionary& encryption) {
  const std::string_view filter = value(encryption, "StmF");
  if (filter.size() < 2 || filter == "/Identity" || value(encryption, "StrF") != filter) return false;
  if (value(encryption, "EncryptMetadata") == "false") return false;
  const auto filters = read_pdf_dictionary(value(encryption, "CF"));
  const auto one = filters ? read_pdf_dictionary(value(*filters, filter.substr(1))) : std::nullopt;
  return one && value(*one, "CFM") == "/AESV3";
}

}  // namespace

bool is_locked_pdf(std::string_view file) {
  if (!file.starts_with("%PDF-")) return false;
  const auto encryption = encryption_of(file);
  if (!encryption || value(*encryption, "Filter") != "/Standard" || value(*encryption, "V") != "5") return false;
  const std::string_view revision = value(*encryption, "R");
  const std::string_view check = value(*encryption, "U");
  if ((revision != "5" && revision != "6") || check.size() < key_size + 2 * salt_size) return false;
  if (!covers_everything(*encryption)) return false;
  const std::string opened = hash_of_no_password(check.substr(key_size, salt_size), revision == "6" ? 6 : 5);
  return !opened.empty() && opened != check.substr(0, key_size);
}

}  // namespace zegel::seal
