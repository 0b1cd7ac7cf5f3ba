#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <malloc.h>
#include <zip.h>

#include "core/base64.h"
#include "core/random.h"
#include "mail/structure.h"
#include "seal/passphrase.h"
#include "seal/words.h"
#include "seal/zip.h"
#include "seal/zip_sealer.h"

/// Whole messages sealed as zip-attachments by two threads, beside bare libzip in a loop of as many threads: with its
/// default settings (deflate 9, AES-256), and stored with AES-256, the quickest that it encrypts. Neither opens its zip
/// again, nor decodes or encodes a message; the sealing does all that.
namespace {

std::atomic<std::size_t> in_use = 0;
std::atomic<std::size_t> peak = 0;

void took(void* block) {
  const std::size_t now = in_use += ::malloc_usable_size(block);
  for (std::size_t most = peak; now > most && !peak.compare_exchange_weak(most, now);) {}
}

}  // namespace

// Every allocation of the process is counted, libzip's too.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier): glibc's names
void* __libc_malloc(std::size_t);
void* __libc_realloc(void*, std::size_t);
void __libc_free(void*);
// NOLINTEND(bugprone-reserved-identifier)

void* malloc(std::size_t size) {
  void* block = __libc_malloc(size);
  if (block != nullptr) took(block);
  return block;
}
void free(void* block) {
  if (block != nullptr) in_use -= ::malloc_usable_size(block);
  __libc_free(block);
}
void* realloc(void* block, std::size_t size) {
  if (block != nullptr) in_use -= ::malloc_usable_size(block);
  void* moved = __libc_realloc(block, size);
  if (moved != nullptr) took(moved);
  return moved;
}
}

namespace zegel {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int threads = 2;
constexpr const char* password = "bakker-olifant-gordijn-lepel-kasteel-wolken";

void must(bool done, const char* what) {
  if (done) return;
  std::fprintf(stderr, "%s\n", what);
  std::exit(1);
}

/// Prose: the licences that every Debian has; elsewhere words by chance.
std::string prose(std::size_t size) {
  std::string text;
  std::error_code none;
  for (const auto& file : std::filesystem::directory_iterator("/usr/share/common-licenses", none)) {
    std::ifstream stream(file.path());
    text.append(std::istreambuf_iterator<char>(stream), {});
  }
  while (text.size() < 100'000) {
    text += seal::words_of(Language::nl)[random_below(random_below(seal::word_count) + 1)];
    text += random_below(12) == 0 ? ".\n" : " ";
  }
  while (text.size() < size) text += text.substr(0, size - text.size());
  text.resize(size);
  return text;
}

void by_libzip(const std::string& bytes, int method) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  must(archive != nullptr, "libzip opens");
  const auto index = zip_file_add(archive, "a.bin", zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
  must(index == 0, "libzip adds");
  zip_set_file_compression(archive, 0, method, method == ZIP_CM_DEFLATE ? 9U : 0U);
  zip_file_set_encryption(archive, 0, ZIP_EM_AES_256, password);
  must(zip_close(archive) == 0, "libzip writes");
  zip_source_free(target);
}

mail::Message message_with(const std::string& bytes) {
  return mail::Message(
      "From: piet@kantoor.nl\r\nTo: jan@klant.nl\r\nSubject: stukken\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nZie de bijlage.\r\n"
      "--b\r\nContent-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n"
      "Content-Disposition: attachment; filename=a.bin\r\n\r\n" +
      base64::encode_lines(bytes) + "--b--\r\n");
}

void by_zegel(const mail::Message& message) {
  const Secret secret{std::string(password)};
  const auto sealed = seal::ZipSealer::seal(message, mail::scan(message),
                                            {Method::zip_attachments, Language::nl, secret, "7K3QX9M2TB", ""});
  must(sealed && sealed->size() > message.size() / 8, "sealing");
}

/// Times a second, of all threads together.
double rate(double for_seconds, const std::function<void()>& work) {
  work();
  std::atomic<int> done = 0;
  const auto begin = Clock::now();
  const auto until = begin + std::chrono::duration<double>(for_seconds);
  std::vector<std::jthread> workers;
  workers.reserve(threads);
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      while (Clock::now() < until) {
        work();
        ++done;
      }
    });
  }
  workers.clear();
  return done / std::chrono::duration<double>(Clock::now() - begin).count();
}

/// The most that one call had in use at once, in multiples of `bytes`.
double memory(std::size_t bytes, const std::function<void()>& work) {
  work();
  const std::size_t before = in_use;
  peak = before;
  work();
  return static_cast<double>(peak - before) / static_cast<double>(bytes);
}

void line(const char* what, const std::string& bytes, double for_seconds) {
  const mail::Message message = message_with(bytes);
  const double libzip = rate(for_seconds, [&] { by_libzip(bytes, ZIP_CM_DEFLATE); });
  const double stored = rate(for_seconds, [&] { by_libzip(bytes, ZIP_CM_STORE); });
  const double ours = rate(for_seconds, [&] { by_zegel(message); });
  const double most = memory(bytes.size(), [&] { by_zegel(message); });
  std::printf("%-14s %12.1f %12.1f %12.1f %11.1fx %11.1fx %9.2fx\n", what, libzip, stored, ours, ours / libzip,
              ours / stored, most);
  std::fflush(stdout);
}

}  // namespace
}  // namespace zegel

int main(int argc, char** argv) {
  // As zegeld does: large buffers are kept, where glibc would hand them back and fault them in again for every message.
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 128 << 20);
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  const double for_seconds = quick ? 0.5 : 5;
  std::printf("zip-attachments, messages a second, %d threads\n\n", zegel::threads);
  std::printf("%-14s %12s %12s %12s %12s %12s %10s\n", "attachment", "libzip", "libzip", "sealed", "of default",
              "of stored", "memory");
  std::printf("%-14s %12s %12s\n", "", "deflate+AES", "stored+AES");
  for (const std::size_t mb : {std::size_t{1}, std::size_t{10}}) {
    const std::string size = std::to_string(mb) + " MB ";
    zegel::line((size + "text").c_str(), zegel::prose(mb << 20), for_seconds);
    zegel::line((size + "random").c_str(), zegel::random_bytes(mb << 20), for_seconds);
  }
}
