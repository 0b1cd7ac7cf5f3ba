#include "net/tls.h"

#include <string_view>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/stream_state.h"

namespace zegel::net {

std::string tls_error(const std::string& what) {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return what + ": " + (reason != nullptr ? reason : "unknown error");
}

namespace {

SSL_CTX* make_context(const SSL_METHOD* method) {
  SSL_CTX* context = SSL_CTX_new(method);
  if (context == nullptr) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                   SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  return context;
}

}  // namespace

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

std::optional<Time> TlsContext::certificate_ends() const {
  const X509* certificate = SSL_CTX_get0_certificate(context_);
  tm end{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return std::nullopt;
  return Time(seconds(timegm(&end)));
}

Result<TlsContext::Shared> TlsContext::server(const std::string& certificate_file, const std::string& key_file) {
  ERR_clear_error();
  const Shared made(new TlsContext(make_context(TLS_server_method())));
  if (SSL_CTX_use_certificate_chain_file(made->native(), certificate_file.c_str()) != 1) {
    return fail(tls_error(certificate_file) +
                "; it must be a PEM file with the server's certificate and, below it, its chain");
  }
  if (SSL_CTX_use_PrivateKey_file(made->native(), key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return fail(tls_error(key_file) + "; it must be a PEM file with the key of " + certificate_file);
  }
  if (SSL_CTX_check_private_key(made->native()) != 1) {
    return fail(key_file + " is not the key of " + certificate_file);
  }
  static constexpr std::string_view session_id = "zegel";
  SSL_CTX_set_session_id_context(made->native(), reinterpret_cast<const unsigned char*>(session_id.data()),
                                 session_id.size());
  SSL_CTX_set_session_cache_mode(made->native(), SSL_SESS_CACHE_OFF);  // tickets only: no memory per client
  return made;
}

Result<TlsContext::Shared> TlsContext::client(const std::string& ca_file) {
  ERR_clear_error();
  const Shared made(new TlsContext(make_context(TLS_client_method())));
  const int ok = ca_file.empty() ? SSL_CTX_set_default_verify_paths(made->native())
                                 : SSL_CTX_load_verify_file(made->native(), ca_file.c_str());
  if (ok != 1)
    return fail(tls_error(ca_file.empty() ? "the system's CA certificates" : ca_file) +
                "; it must be a PEM file of CA certificates");
  // The handshake goes on whatever the verdict: the caller judges TlsFacts.
  SSL_CTX_set_verify(made->native(), SSL_VERIFY_NONE, nullptr);
  return made;
}

}  // namespace zegel::net
