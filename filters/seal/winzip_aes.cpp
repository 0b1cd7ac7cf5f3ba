#include "seal/winzip_aes.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/digest.h"
#include "core/handle.h"
#include "core/random.h"

namespace zegel::seal::winzip_aes {

namespace {

constexpr int rounds = 1'000;
constexpr std::size_t key_size = 32;
constexpr std::size_t block = 16;
constexpr std::size_t batch = 256 * block;

unsigned char* raw(char* s) { return reinterpret_cast<unsigned char*>(s); }
const unsigned char* raw(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL could not encrypt a zip entry");
}

/// What the password and the salt make: a key to encrypt with, one to authenticate with, and two octets to tell a
/// mistyped password early.
class Keys {
 public:
  Keys(const Secret& password, std::string_view salt) {
    const std::string_view word = password.reveal();
    must(PKCS5_PBKDF2_HMAC(word.data(), static_cast<int>(word.size()), raw(salt), static_cast<int>(salt.size()), rounds,
                           EVP_sha1(), static_cast<int>(bytes_.size()), raw(bytes_.data())) == 1);
  }
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;
  ~Keys() { wipe(bytes_.data(), bytes_.size()); }

  [[nodiscard]] std::string_view cipher() const { return {bytes_.data(), key_size}; }
  [[nodiscard]] std::string_view mac() const { return {bytes_.data() + key_size, key_size}; }
  [[nodiscard]] std::string_view check() const { return {bytes_.data() + 2 * key_size, check_size}; }

 private:
  std::array<char, 2 * key_size + check_size> bytes_{};
};

std::string mac_of(const Keys& keys, std::string_view ciphertext) {
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  must(HMAC(EVP_sha1(), raw(keys.mac()), key_size, raw(ciphertext), ciphertext.size(), raw(mac.data()), &size) !=
       nullptr);
  mac.resize(mac_size);
  return mac;
}

}  // namespace

/// AES-CTR as WinZip has it: the counter is little-endian and begins at 1, where OpenSSL's own is big-endian. So blocks
/// of counters are encrypted, in batches, and laid over the data.
class Reader::KeyStream {
 public:
  explicit KeyStream(std::string_view key) : context_(EVP_CIPHER_CTX_new()) {
    must(context_ && EVP_EncryptInit_ex(context_.get(), EVP_aes_256_ecb(), nullptr, raw(key), nullptr) == 1);
  }
  ~KeyStream() { wipe(stream_.data(), stream_.size()); }
  KeyStream(const KeyStream&) = delete;
  KeyStream& operator=(const KeyStream&) = delete;

  /// `data` stands at octet `at` of the whole.
  void lay_over(char* data, std::size_t at, std::size_t size) {
    while (size > 0) {
      const std::size_t skipped = at % block;
      const std::size_t now = std::min(size, batch - skipped);
      make(at / block + 1, (skipped + now + block - 1) / block * block);
      const char* const over = stream_.data() + skipped;  // no index checks: a loop for the vector unit
      for (std::size_t i = 0; i < now; ++i) data[i] = static_cast<char>(data[i] ^ over[i]);
      data += now;
      at += now;
      size -= now;
    }
  }

 private:
  static void store(char* to, std::uint64_t counter) {
    for (int i = 0; i < 8; ++i) to[i] = static_cast<char>(counter >> (8 * i));
  }

  /// The stream's next `size` octets, whole blocks.
  void make(std::uint64_t counter, std::size_t size) {
    for (std::size_t at = 0; at < size; at += block, ++counter) store(counters_.data() + at, counter);
    int written = 0;
    must(EVP_EncryptUpdate(context_.get(), raw(stream_.data()), &written, raw(std::string_view(counters_.data(), size)),
                           static_cast<int>(size)) == 1);
  }

  Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context_;
  std::array<char, batch> counters_{};  // the upper half of each stays zero
  std::array<char, batch + block> stream_{};
};

Reader::Reader(std::string_view ciphertext, std::string_view key)
    : ciphertext_(ciphertext), stream_(std::make_unique<KeyStream>(key)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(std::string_view entry, const Secret& password) {
  if (entry.size() < overhead) return fail("the zip's entry is too short to be AES encrypted");
  const Keys keys(password, entry.substr(0, salt_size));
  if (!equal_secretly(entry.substr(salt_size, check_size), keys.check())) {
    return fail("the password does not fit the zip");
  }
  const std::string_view ciphertext = entry.substr(before, entry.size() - overhead);
  if (!equal_secretly(entry.substr(entry.size() - mac_size), mac_of(keys, ciphertext))) {
    return fail("the zip's entry is not what was written: its authentication code differs");
  }
  return Reader(ciphertext, keys.cipher());
}

void Reader::read(std::size_t at, char* to, std::size_t size) {
  ciphertext_.copy(to, size, at);
  stream_->lay_over(to, at, size);
}

void lock(std::string& data, std::size_t begin, std::size_t end, const Secret& password) {
  const std::string salt = random_bytes(salt_size);
  const Keys keys(password, salt);
  Reader::KeyStream(keys.cipher()).lay_over(data.data() + begin, 0, end - begin);
  data.replace(begin - before, salt_size, salt);
  data.replace(begin - check_size, check_size, keys.check());
  data.replace(end, mac_size, mac_of(keys, std::string_view(data).substr(begin, end - begin)));
}

}  // namespace zegel::seal::winzip_aes
