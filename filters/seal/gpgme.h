#pragma once

#include <string>
#include <string_view>

#include <gpgme.h>

#include "core/handle.h"
#include "core/result.h"

/// GPGME's objects with owners. Only the PGP side of this room includes this.
namespace zegel::seal {

using GpgContext = Handle<gpgme_context, gpgme_release>;
using GpgData = Handle<gpgme_data, gpgme_data_release>;
using GpgKey = Handle<_gpgme_key, gpgme_key_unref>;

/// Where GnuPG keeps Zegel's keys, and the command that is started for it.
struct PgpHome {
  std::string path;
  std::string program;  ///< gpg under a deadline of its own, see prepare_home
};

/// Makes the home (0700), its gpg.conf and the bounded gpg in it, or puts right what is there. `seconds`: after it gpg
/// and all that it started are killed. `gpg`: the program; empty: the one GPGME knows. Error: the system's reason.
[[nodiscard]] Result<PgpHome> prepare_home(const std::string& path, unsigned seconds = 120,
                                           const std::string& gpg = {});

/// The same home with gpg seeing one key of it, whose octets are given, and no other: what a signer's context needs,
/// however large the ring is. Written into `signers/`. Error: the system's reason.
[[nodiscard]] Result<PgpHome> with_one_key(const PgpHome&, const std::string& fingerprint, std::string_view octets);

/// The same for any keys, in a ring `NAME.gpg` in the home, used by the program NAME.
[[nodiscard]] Result<PgpHome> with_ring(const PgpHome&, const std::string& name, std::string_view octets);

/// A context for OpenPGP over the home; for one thread at a time. Error: gpg cannot be started.
[[nodiscard]] Result<GpgContext> open_context(const PgpHome&);

/// Over octets that must outlive it.
[[nodiscard]] GpgData reading_data(std::string_view bytes);

/// "Unusable public key": what GPGME calls it.
[[nodiscard]] std::string reason_of(gpgme_error_t);

}  // namespace zegel::seal
