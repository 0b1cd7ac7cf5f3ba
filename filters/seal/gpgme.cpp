#include "seal/gpgme.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <new>

#include <sys/stat.h>

#include "seal/files.h"

namespace zegel::seal {

namespace {

namespace fs = std::filesystem;

/// GPGME must be asked for its version once, before any thread uses it.
void start_gpgme() {
  static std::once_flag once;
  std::call_once(once, [] { gpgme_check_version(nullptr); });
}

/// Our own choices, for nobody else's keyring. See docs/decisions.
constexpr std::string_view gpg_conf =
    "# Written by Zegel at every start.\n"
    "batch\nno-tty\nno-greeting\nquiet\n"
    "trust-model always\n"
    "no-auto-check-trustdb\n"
    "no-auto-key-locate\n"
    "no-auto-key-retrieve\n"
    "disable-dirmngr\n"
    "no-encrypt-to\n"
    "no-comments\nno-emit-version\n"
    "compress-level 0\n"
    "personal-cipher-preferences AES256 AES192 AES\n"
    "personal-digest-preferences SHA512 SHA384 SHA256\n"
    "cert-digest-algo SHA512\n"
    "pinentry-mode error\n";

std::string known_gpg() {
  gpgme_engine_info_t info = nullptr;
  if (gpgme_get_engine_info(&info) != 0) return {};
  for (; info != nullptr; info = info->next) {
    if (info->protocol == GPGME_PROTOCOL_OpenPGP && info->file_name != nullptr) return info->file_name;
  }
  return {};
}

/// timeout(1) starts gpg in a process group of its own and kills the whole group.
std::string bounded(const std::string& gpg, unsigned seconds) {
  return "#!/bin/sh\nexec timeout --kill-after=2 " + std::to_string(seconds) + " '" + gpg + "' \"$@\"\n";
}

Result<void> keep(const std::string& path, std::string_view bytes, unsigned mode) {
  const auto there = read_file(path);
  if (there && *there == bytes) return {};
  return write_file(path, bytes, mode);
}

/// Nobody else's (0700), or made so.
bool is_private(const std::string& path) {
  struct stat facts{};
  if (::stat(path.c_str(), &facts) != 0) return false;
  return (facts.st_mode & 0777) == 0700 || ::chmod(path.c_str(), 0700) == 0;
}

}  // namespace

Result<PgpHome> prepare_home(const std::string& path, unsigned seconds, const std::string& gpg) {
  start_gpgme();
  std::error_code error;
  const fs::path above = fs::path(path).parent_path();
  if (fs::create_directories(above, error)) fs::permissions(above, fs::perms(0700), error);  // state.dir, most often
  fs::create_directories(path, error);
  if (error || !is_private(path)) return fail(path + ": " + (error ? error.message() : std::strerror(errno)));
  const std::string program = gpg.empty() ? known_gpg() : gpg;
  if (program.empty()) return fail("gpg is not installed");
  PgpHome home{path, path + "/gpg-bounded"};
  if (auto kept = keep(path + "/gpg.conf", gpg_conf, 0600); !kept) return std::unexpected(kept.error());
  if (auto kept = keep(home.program, bounded(program, seconds), 0700); !kept) return std::unexpected(kept.error());
  return home;
}

Result<PgpHome> with_ring(const PgpHome& home, const std::string& name, std::string_view octets) {
  const std::string ring = home.path + "/" + name + ".gpg";
  const PgpHome one{home.path, home.path + "/" + name};
  const std::string script =
      "#!/bin/sh\nexec '" + home.program + "' --no-default-keyring --keyring '" + ring + "' \"$@\"\n";
  if (auto kept = keep(ring, octets, 0600); !kept) return std::unexpected(kept.error());
  if (auto kept = keep(one.program, script, 0700); !kept) return std::unexpected(kept.error());
  return one;
}

Result<PgpHome> with_one_key(const PgpHome& home, const std::string& fingerprint, std::string_view octets) {
  return with_ring(home, "signers/" + fingerprint, octets);
}

Result<GpgContext> open_context(const PgpHome& home) {
  gpgme_ctx_t made = nullptr;
  if (gpgme_new(&made) != 0) throw std::bad_alloc();
  GpgContext context(made);
  gpgme_error_t error = gpgme_set_protocol(made, GPGME_PROTOCOL_OpenPGP);
  if (error == 0)
    error = gpgme_ctx_set_engine_info(made, GPGME_PROTOCOL_OpenPGP, home.program.c_str(), home.path.c_str());
  if (error != 0) return fail("gpg: " + reason_of(error));
  gpgme_set_offline(made, 1);
  gpgme_set_pinentry_mode(made, GPGME_PINENTRY_MODE_ERROR);
  return context;
}

GpgData reading_data(std::string_view bytes) {
  gpgme_data_t data = nullptr;
  if (gpgme_data_new_from_mem(&data, bytes.data(), bytes.size(), 0) != 0) throw std::bad_alloc();
  return GpgData(data);
}

std::string reason_of(gpgme_error_t error) {
  char text[200] = {};
  gpgme_strerror_r(error, text, sizeof text);
  return text;
}

}  // namespace zegel::seal
