#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

/// The words of the contract that more than one room speaks, each with its one spelling.
namespace zegel {

/// Languages of notices, cover texts and explanations.
enum class Language { nl, en, de };

/// How a recipient's copy leaves.
enum class Method { smime, pgp, zip_attachments, zip, clear };

/// What becomes of a recipient for whom no method can be done. Never clear.
enum class Otherwise { refuse, hold };

/// What the policy demands of the line to the next hop, from weakest to strongest.
enum class Tls { none, opportunistic, required, verified };

/// What is done about a recipient that is a near-miss, or unknown.
enum class OnDoubt { allow, warn, confirm, refuse, hold };

enum class PasswordMode { per_message, agreed, command };

/// Where an attachment goes that has a lock of its own: into the zip with the rest, or beside it as it is.
enum class Locked { inside, beside };

enum class Cipher { aes256_cbc, aes256_gcm };

/// One spelling of one value.
template <class E>
struct Word {
  E value;
  std::string_view text;
};

inline constexpr std::array words_of_language = {Word{Language::nl, "nl"}, Word{Language::en, "en"},
                                                 Word{Language::de, "de"}};
inline constexpr std::array words_of_method = {Word{Method::smime, "smime"}, Word{Method::pgp, "pgp"},
                                               Word{Method::zip_attachments, "zip-attachments"},
                                               Word{Method::zip, "zip"}, Word{Method::clear, "clear"}};
inline constexpr std::array words_of_otherwise = {Word{Otherwise::refuse, "refuse"}, Word{Otherwise::hold, "hold"}};
inline constexpr std::array words_of_tls = {Word{Tls::none, "none"}, Word{Tls::opportunistic, "opportunistic"},
                                            Word{Tls::required, "required"}, Word{Tls::verified, "verified"}};
inline constexpr std::array words_of_on_doubt = {Word{OnDoubt::allow, "allow"}, Word{OnDoubt::warn, "warn"},
                                                 Word{OnDoubt::confirm, "confirm"}, Word{OnDoubt::refuse, "refuse"},
                                                 Word{OnDoubt::hold, "hold"}};
inline constexpr std::array words_of_password_mode = {Word{PasswordMode::per_message, "per-message"},
                                                      Word{PasswordMode::agreed, "agreed"},
                                                      Word{PasswordMode::command, "command"}};
inline constexpr std::array words_of_locked = {Word{Locked::inside, "inside"}, Word{Locked::beside, "beside"}};
inline constexpr std::array words_of_cipher = {Word{Cipher::aes256_cbc, "aes-256-cbc"},
                                               Word{Cipher::aes256_gcm, "aes-256-gcm"}};

constexpr std::span<const Word<Language>> words(Language) { return words_of_language; }
constexpr std::span<const Word<Method>> words(Method) { return words_of_method; }
constexpr std::span<const Word<Otherwise>> words(Otherwise) { return words_of_otherwise; }
constexpr std::span<const Word<Tls>> words(Tls) { return words_of_tls; }
constexpr std::span<const Word<OnDoubt>> words(OnDoubt) { return words_of_on_doubt; }
constexpr std::span<const Word<PasswordMode>> words(PasswordMode) { return words_of_password_mode; }
constexpr std::span<const Word<Locked>> words(Locked) { return words_of_locked; }
constexpr std::span<const Word<Cipher>> words(Cipher) { return words_of_cipher; }

/// The spelling: `to_text(Method::zip_attachments)` is "zip-attachments".
template <class E>
constexpr std::string_view to_text(E value) {
  for (const auto& word : words(value)) {
    if (word.value == value) return word.text;
  }
  return "?";
}

/// The value spelt so, if any. Spellings are exact.
template <class E>
constexpr std::optional<E> from_text(std::string_view text) {
  for (const auto& word : words(E{})) {
    if (word.text == text) return word.value;
  }
  return std::nullopt;
}

}  // namespace zegel
