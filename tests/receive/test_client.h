#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace zegel::receive {

/// A blocking SMTP client for tests, written on plain sockets and OpenSSL so that it shares nothing with what it tests.
class TestClient {
 public:
  /// Connects to 127.0.0.1, from `from`; or to ::1 when that is it. Throws std::runtime_error.
  explicit TestClient(std::uint16_t port, const char* from = "127.0.0.1");
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  /// `version`: this one only (0x0303 is TLS 1.2), 0: any. `ciphers`: these, best first. Throws std::runtime_error.
  void shake_hands(int version = 0, const char* ciphers = "ALL:@SECLEVEL=0");
  /// False when the peer is gone.
  bool say(std::string_view octets);
  /// The next line without its CRLF; `<closed>`; `<silence>` when none comes for `patience_ms`.
  std::string hear(int patience_ms = 10'000);
  /// All lines of one reply; the last one is returned.
  std::string hear_reply();
  /// No more octets will come from us.
  void half_close();
  [[nodiscard]] std::string tls_version() const;
  [[nodiscard]] std::string tls_cipher() const;
  /// Asks for another handshake, as TLS 1.2 has it. Whether there was one.
  bool renegotiate();
  [[nodiscard]] int socket() const { return socket_; }

 private:
  int socket_ = -1;
  ssl_ctx_st* context_ = nullptr;
  ssl_st* ssl_ = nullptr;
  std::string buffered_;
};

}  // namespace zegel::receive
