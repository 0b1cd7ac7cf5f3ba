#include <cerrno>
#include <new>

#include <openssl/bio.h>
#include <sys/socket.h>

#include "net/stream_state.h"

// OpenSSL's own socket BIO calls write(), which raises SIGPIPE when the peer is gone.
namespace zegel::net {
namespace {

int socket_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

int done(BIO* bio, ssize_t octets, int retry) {
  BIO_clear_retry_flags(bio);
  if (octets < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_flags(bio, retry | BIO_FLAGS_SHOULD_RETRY);
  return static_cast<int>(octets);
}

int write_socket(BIO* bio, const char* bytes, int size) {
  return done(bio, ::send(socket_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL), BIO_FLAGS_WRITE);
}

int read_socket(BIO* bio, char* bytes, int size) {
  return done(bio, ::recv(socket_of(bio), bytes, static_cast<std::size_t>(size), 0), BIO_FLAGS_READ);
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* make_method() {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without SIGPIPE");
  if (method == nullptr) throw std::bad_alloc();
  BIO_meth_set_write(method, write_socket);
  BIO_meth_set_read(method, read_socket);
  BIO_meth_set_ctrl(method, control);
  return method;
}

}  // namespace

BIO* make_socket_bio(int socket) {
  static const Handle<BIO_METHOD, BIO_meth_free> method(make_method());
  BIO* bio = BIO_new(method.get());
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, reinterpret_cast<void*>(
                        static_cast<std::intptr_t>(socket)));  // NOLINT(performance-no-int-to-ptr): BIO's own slot
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace zegel::net
