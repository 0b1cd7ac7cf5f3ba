#include "core/aead.h"

#include <stdexcept>

#include <openssl/evp.h>

#include "core/handle.h"
#include "core/random.h"

namespace zegel::aead {

namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

using Context = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

unsigned char* raw(std::string& s, std::size_t at = 0) { return reinterpret_cast<unsigned char*>(s.data() + at); }
const unsigned char* raw(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

void must(bool ok) {
  if (!ok) throw std::runtime_error("AES-256-GCM failed");
}

/// Looking the cipher up by name for each message costs as much as encrypting a kilobyte.
const EVP_CIPHER* cipher() {
  static const Handle<EVP_CIPHER, EVP_CIPHER_free> fetched(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  must(fetched != nullptr);
  return fetched.get();
}

Context start(const Secret& key, std::string_view nonce, bool encrypt) {
  must(key.reveal().size() == key_size);
  Context context(EVP_CIPHER_CTX_new());
  must(context != nullptr);
  must(EVP_CipherInit_ex(context.get(), cipher(), nullptr, raw(key.reveal()), raw(nonce), encrypt ? 1 : 0) == 1);
  return context;
}

/// EVP takes int lengths: large messages go in steps.
void update(EVP_CIPHER_CTX* context, unsigned char* out, std::string_view in) {
  constexpr std::size_t step = std::size_t{1} << 30;
  for (std::size_t at = 0; at < in.size(); at += step) {
    const std::string_view piece = in.substr(at, step);
    int written = 0;
    must(EVP_CipherUpdate(context, out == nullptr ? nullptr : out + at, &written, raw(piece),
                          static_cast<int>(piece.size())) == 1);
  }
}

}  // namespace

std::string lock(const Secret& key, std::string_view plain, std::string_view associated) {
  const std::string nonce = random_bytes(nonce_size);
  const Context context = start(key, nonce, true);
  std::string out(nonce_size + plain.size() + tag_size, '\0');
  out.replace(0, nonce_size, nonce);
  update(context.get(), nullptr, associated);
  update(context.get(), raw(out, nonce_size), plain);
  int written = 0;
  must(EVP_CipherFinal_ex(context.get(), raw(out, nonce_size + plain.size()), &written) == 1);
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, raw(out, nonce_size + plain.size())) == 1);
  return out;
}

Result<std::string> unlock(const Secret& key, std::string_view locked, std::string_view associated) {
  if (locked.size() < overhead) return fail("encrypted data is cut short");
  const std::string_view body = locked.substr(nonce_size, locked.size() - overhead);
  std::string tag(locked.substr(locked.size() - tag_size));
  const Context context = start(key, locked.substr(0, nonce_size), false);
  std::string out(body.size(), '\0');
  update(context.get(), nullptr, associated);
  update(context.get(), raw(out), body);
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, raw(tag)) == 1);
  int written = 0;
  unsigned char nothing = 0;
  if (EVP_CipherFinal_ex(context.get(), &nothing, &written) != 1) {
    wipe(out.data(), out.size());
    return fail("encrypted data was changed, or belongs to another key");
  }
  return out;
}

}  // namespace zegel::aead
