#include <boost/asio/ip/address.hpp>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "net/stream_state.h"

namespace zegel::net {
namespace {

void attach(StreamState& state, TlsContext::Shared context) {
  state.ssl.reset(SSL_new(context->native()));
  if (!state.ssl) throw std::bad_alloc();
  state.context = std::move(context);
  BIO* bio = make_socket_bio(state.socket.native_handle());
  SSL_set_bio(state.ssl.get(), bio, bio);
  state.drained = false;
}

/// What the certificate must say: a name, or an address.
void expect_name(SSL* ssl, const std::string& name) {
  boost::system::error_code no_address;
  boost::asio::ip::make_address(name, no_address);
  if (!no_address) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str());
    return;
  }
  SSL_set_tlsext_host_name(ssl, name.c_str());  // NOLINT(cppcoreguidelines-pro-type-cstyle-cast): OpenSSL's macro
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (name.empty() || SSL_set1_host(ssl, name.c_str()) != 1) throw Broken(Broken::Kind::tls, "no name to verify");
}

Task<void> shake_hands(StreamState& state) {
  state.begin();
  for (;;) {
    ERR_clear_error();
    const int ok = SSL_do_handshake(state.ssl.get());
    if (ok == 1) co_return;
    switch (SSL_get_error(state.ssl.get(), ok)) {
      case SSL_ERROR_WANT_READ:
        co_await state.wait(Attempt::Want::readable);
        break;
      case SSL_ERROR_WANT_WRITE:
        co_await state.wait(Attempt::Want::writable);
        break;
      case SSL_ERROR_SYSCALL:
        throw Broken(Broken::Kind::closed, "the peer closed the connection amid the TLS handshake");
      default:
        throw Broken(Broken::Kind::tls, tls_error("TLS handshake"));
    }
  }
}

TlsFacts facts_of(SSL* ssl) {
  TlsFacts facts;
  facts.version = SSL_get_version(ssl);
  facts.cipher = SSL_get_cipher_name(ssl);  // NOLINT(cppcoreguidelines-pro-type-cstyle-cast): OpenSSL's macro
  facts.bits = SSL_CIPHER_get_bits(SSL_get_current_cipher(ssl), nullptr);
  return facts;
}

}  // namespace

Task<void> Stream::start_tls(TlsContext::Shared context) {
  consume(buffered().size());
  attach(*state_, std::move(context));
  SSL_set_accept_state(state_->ssl.get());
  co_await shake_hands(*state_);
  state_->facts = facts_of(state_->ssl.get());
}

Task<void> Stream::start_tls(TlsContext::Shared context, std::string name) {
  if (!buffered().empty()) throw Broken(Broken::Kind::tls, "octets in clear after the server's go-ahead for TLS");
  attach(*state_, std::move(context));
  SSL_set_connect_state(state_->ssl.get());
  expect_name(state_->ssl.get(), name);
  co_await shake_hands(*state_);
  TlsFacts facts = facts_of(state_->ssl.get());
  const long verdict = SSL_get_verify_result(state_->ssl.get());
  const bool certificate = SSL_get0_peer_certificate(state_->ssl.get()) != nullptr;
  facts.verified = certificate && verdict == X509_V_OK;
  if (!facts.verified) facts.why = certificate ? X509_verify_cert_error_string(verdict) : "no certificate";
  state_->facts = std::move(facts);
}

const TlsFacts* Stream::tls() const { return state_->facts ? &*state_->facts : nullptr; }

}  // namespace zegel::net
