#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "core/time.h"

struct ssl_ctx_st;

namespace zegel::net {

/// What is known of a stream once TLS is up.
struct TlsFacts {
  std::string version;    ///< `TLSv1.3`
  std::string cipher;     ///< `TLS_AES_256_GCM_SHA384`
  int bits = 0;           ///< 256
  bool verified = false;  ///< as client: chain and name hold
  std::string why = {};   ///< as client and not verified: the reason, one line
};

/// One end's certificates and rules: TLS 1.2 and 1.3 only, no renegotiation, no compression. Immutable, shared by any
/// number of streams and threads; streams keep theirs when a reload makes another.
class TlsContext {
 public:
  using Shared = std::shared_ptr<const TlsContext>;

  /// For a server: PEM files with the certificate (its chain below it) and the key. Error: which file, what is wrong.
  [[nodiscard]] static Result<Shared> server(const std::string& certificate_file, const std::string& key_file);

  /// For a client: trusts the PEM file `ca_file`, or what the system trusts when empty. Verification is judged by the
  /// caller (TlsFacts::verified); it never ends the handshake.
  [[nodiscard]] static Result<Shared> client(const std::string& ca_file);

  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// When its own certificate expires; nothing for a client's, which has none.
  [[nodiscard]] std::optional<Time> certificate_ends() const;

  [[nodiscard]] ssl_ctx_st* native() const { return context_; }

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* context_;
};

}  // namespace zegel::net
