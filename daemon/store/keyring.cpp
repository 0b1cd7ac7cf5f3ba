#include "store/keyring.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/digest.h"
#include "core/random.h"
#include "core/text.h"
#include "store/folder.h"

namespace zegel::store {

namespace {

constexpr std::size_t hex_size = 2 * aead::key_size;

Secret derive(const Secret& store_key, std::string_view purpose) {
  return Secret(keyed_hash(store_key.reveal(), "zegel store 1 " + std::string(purpose)));
}

std::string key_context(RowId row) { return "key " + std::to_string(row); }

int hex_value(char c) {
  if (text::is_digit(c)) return c - '0';
  const char low = text::lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

Result<Secret> unlock_secret(const Secret& key, std::string_view locked, std::string_view context) {
  auto plain = aead::unlock(key, locked, context);
  if (!plain) return std::unexpected(plain.error());
  return Secret(std::move(*plain));
}

/// Under another name first: a power cut leaves a whole key or none. The folder's lock is ours, so nobody else does the
/// same.
Result<Secret> make_store_key(const std::string& dir, const std::string& path) {
  Secret key = new_key();
  const Secret line(text::hex(key.reveal()) + "\n");
  const std::string half_made = path + ".new";
  ::unlink(half_made.c_str());
  const File file(::open(half_made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return fail(half_made + " cannot be made: " + std::strerror(errno));
  const std::string_view bytes = line.reveal();
  if (::write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
      ::fsync(file.get()) != 0 || ::rename(half_made.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(half_made.c_str());
    return fail(path + " cannot be written: " + std::strerror(error));
  }
  sync_folder(dir);
  return key;
}

}  // namespace

Keyring::Keyring(const Secret& store_key)
    : wrapping_(derive(store_key, "wrapping")),
      passwords_(derive(store_key, "passwords")),
      pseudonyms_(derive(store_key, "pseudonyms")) {}

std::string Keyring::wrap(const Secret& key, RowId row) const {
  return aead::lock(wrapping_, key.reveal(), key_context(row));
}

Result<Secret> Keyring::unwrap(std::string_view wrapped, RowId row) const {
  return unlock_secret(wrapping_, wrapped, key_context(row));
}

std::string Keyring::lock_password(const Secret& password, std::string_view whose) const {
  return aead::lock(passwords_, password.reveal(), whose);
}

Result<Secret> Keyring::unlock_password(std::string_view locked, std::string_view whose) const {
  return unlock_secret(passwords_, locked, whose);
}

std::string Keyring::pseudonym(std::string_view of) const { return keyed_hash(pseudonyms_.reveal(), of); }

Secret new_key() { return Secret(random_bytes(aead::key_size)); }

Result<Secret> parse_store_key(std::string_view text) {
  if (text.size() == aead::key_size) return Secret(std::string(text));
  const std::string_view digits = text::trim(text);
  if (digits.size() != hex_size) return fail("a store key is 32 bytes, or 64 hexadecimal digits");
  std::string key;
  key.reserve(aead::key_size);
  for (std::size_t i = 0; i < hex_size; i += 2) {
    const int high = hex_value(digits[i]);
    const int low = hex_value(digits[i + 1]);
    if (high < 0 || low < 0) return fail("a store key is 32 bytes, or 64 hexadecimal digits");
    key += static_cast<char>(high << 4 | low);
  }
  return Secret(std::move(key));
}

Result<Secret> load_store_key(const std::string& dir, bool may_make) {
  const std::string path = dir + "/store.key";
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file && errno == ENOENT) {
    if (may_make) return make_store_key(dir, path);
    return fail(path + " is missing: without it nothing in the store can be read; put it back from your backup");
  }
  if (!file) return fail(path + " cannot be read: " + std::strerror(errno));
  struct stat about{};
  if (::fstat(file.get(), &about) == 0 && (about.st_mode & 077) != 0) {
    return fail(path + " can be read by others; chmod 600 " + path);
  }
  char room[2 * hex_size];
  const ssize_t size = ::read(file.get(), room, sizeof room);
  auto key = parse_store_key({room, size < 0 ? 0 : static_cast<std::size_t>(size)});
  wipe(room, sizeof room);
  if (!key) return fail(path + " is not a store key: " + key.error().why);
  return key;
}

}  // namespace zegel::store
