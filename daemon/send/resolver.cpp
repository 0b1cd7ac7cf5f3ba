#include "send/resolver.h"

#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>

#include <ares.h>
#include <arpa/inet.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <netdb.h>

#include "core/handle.h"

namespace zegel::send {

namespace asio = boost::asio;

bool is_address(const std::string& host) {
  in6_addr room{};
  return inet_pton(AF_INET, host.c_str(), &room) == 1 || inet_pton(AF_INET6, host.c_str(), &room) == 1;
}

namespace {

constexpr int timeout_ms = 3'000;
constexpr int tries = 3;
constexpr int class_in = 1;
constexpr int type_mx = 15;

/// One question under way. The timer never fires: cancelling it says that the answer is there.
template <class Answer>
struct Question {
  explicit Question(const asio::any_io_executor& executor)
      : answered(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer answered;
  std::optional<Answer> answer;

  void give(Answer what) {
    answer = std::move(what);
    answered.cancel();
  }
};

template <class Answer>
using Shared = std::shared_ptr<Question<Answer>>;

/// c-ares hands a void* back exactly once per question.
template <class Answer>
Shared<Answer> take(void* argument) {
  const std::unique_ptr<Shared<Answer>> owned(static_cast<Shared<Answer>*>(argument));
  return *owned;
}

MxAnswer read_mx(int status, const unsigned char* bytes, int size) {
  if (status == ARES_ENOTFOUND) return {.kind = MxAnswer::Kind::no_such_domain};
  if (status == ARES_ENODATA) return {.kind = MxAnswer::Kind::none};
  ares_mx_reply* list = nullptr;
  if (status == ARES_SUCCESS) status = ares_parse_mx_reply(bytes, size, &list);
  const Handle<ares_mx_reply, ares_free_data> owned(list);
  if (status == ARES_ENODATA) return {.kind = MxAnswer::Kind::none};
  if (status != ARES_SUCCESS) return {.kind = MxAnswer::Kind::failed, .why = ares_strerror(status)};
  MxAnswer answer{.kind = list == nullptr ? MxAnswer::Kind::none : MxAnswer::Kind::records};
  for (; list != nullptr; list = list->next) answer.records.push_back({list->priority, list->host});
  return answer;
}

std::string literal(const ares_addrinfo_node& node) {
  char text[INET6_ADDRSTRLEN] = {};
  if (node.ai_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(node.ai_addr)->sin6_addr, text, sizeof text);
  } else if (node.ai_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(node.ai_addr)->sin_addr, text, sizeof text);
  }
  return text;
}

AddressAnswer read_addresses(int status, ares_addrinfo* found) {
  const Handle<ares_addrinfo, ares_freeaddrinfo> owned(found);
  AddressAnswer answer;
  answer.exists = status != ARES_ENOTFOUND && status != ARES_ENODATA;
  if (status != ARES_SUCCESS) answer.why = ares_strerror(status);
  if (status != ARES_SUCCESS || found == nullptr) return answer;
  for (const ares_addrinfo_node* node = found->nodes; node != nullptr; node = node->ai_next) {
    if (std::string address = literal(*node); !address.empty()) answer.addresses.push_back(std::move(address));
  }
  return answer;
}

/// c-ares says which sockets it watches; Asio watches them.
class CaresResolver : public Resolver, public std::enable_shared_from_this<CaresResolver> {
 public:
  CaresResolver(const asio::any_io_executor& executor, const std::string& servers)
      : executor_(executor), timer_(executor) {
    ares_options options{};
    options.timeout = timeout_ms;
    options.tries = tries;
    options.sock_state_cb = [](void* self, ares_socket_t socket, int readable, int writable) {
      static_cast<CaresResolver*>(self)->watch(socket, readable != 0, writable != 0);
    };
    options.sock_state_cb_data = this;
    ares_channel channel = nullptr;
    int status = ares_library_init(ARES_LIB_INIT_ALL);
    if (status == ARES_SUCCESS) {
      status = ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
    }
    channel_.reset(channel);
    if (status == ARES_SUCCESS && !servers.empty()) status = ares_set_servers_ports_csv(channel, servers.c_str());
    if (status != ARES_SUCCESS) throw std::runtime_error(std::string("the DNS resolver: ") + ares_strerror(status));
  }

  ~CaresResolver() override {
    closing_ = true;
    channel_.reset();
    for (auto& [socket, watched] : watched_) watched->descriptor.release();
  }
  CaresResolver(const CaresResolver&) = delete;
  CaresResolver& operator=(const CaresResolver&) = delete;

  net::Task<MxAnswer> mx(std::string domain) override {
    const auto question = std::make_shared<Question<MxAnswer>>(executor_);
    ares_query(
        channel_.get(), domain.c_str(), class_in, type_mx,
        [](void* argument, int status, int, unsigned char* bytes, int size) {
          take<MxAnswer>(argument)->give(read_mx(status, bytes, size));
        },
        new Shared<MxAnswer>(question));
    co_return co_await answer_to(question);
  }

  net::Task<AddressAnswer> addresses(std::string host) override {
    if (is_address(host)) co_return AddressAnswer{.addresses = {host}};
    const auto question = std::make_shared<Question<AddressAnswer>>(executor_);
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ares_getaddrinfo(
        channel_.get(), host.c_str(), nullptr, &hints,
        [](void* argument, int status, int, ares_addrinfo* found) {
          take<AddressAnswer>(argument)->give(read_addresses(status, found));
        },
        new Shared<AddressAnswer>(question));
    co_return co_await answer_to(question);
  }

 private:
  struct Watched {
    Watched(const asio::any_io_executor& executor, int socket) : descriptor(executor, socket) {}
    asio::posix::stream_descriptor descriptor;
    bool wants_read = false, wants_write = false;
    bool reading = false, writing = false;
  };

  template <class Answer>
  net::Task<Answer> answer_to(Shared<Answer> question) {
    const auto self = shared_from_this();
    set_timer();
    if (!question->answer) co_await question->answered.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return std::move(*question->answer);
  }

  void watch(ares_socket_t socket, bool readable, bool writable) {
    if (closing_) return;
    const auto at = watched_.find(socket);
    if (!readable && !writable) {
      if (at == watched_.end()) return;
      at->second->descriptor.release();  // c-ares closes it
      watched_.erase(at);
      return;
    }
    auto& watched = at != watched_.end() ? at->second : watched_[socket];
    if (!watched) watched = std::make_shared<Watched>(executor_, socket);
    watched->wants_read = readable;
    watched->wants_write = writable;
    wait(socket, watched);
  }

  void wait(ares_socket_t socket, const std::shared_ptr<Watched>& watched) {
    using Descriptor = asio::posix::stream_descriptor;
    if (watched->wants_read && !watched->reading) {
      watched->reading = true;
      watched->descriptor.async_wait(Descriptor::wait_read,
                                     [weak = weak_from_this(), socket, watched](boost::system::error_code error) {
                                       watched->reading = false;
                                       if (const auto self = weak.lock(); self && !error)
                                         self->process(socket, ARES_SOCKET_BAD, watched);
                                     });
    }
    if (watched->wants_write && !watched->writing) {
      watched->writing = true;
      watched->descriptor.async_wait(Descriptor::wait_write,
                                     [weak = weak_from_this(), socket, watched](boost::system::error_code error) {
                                       watched->writing = false;
                                       if (const auto self = weak.lock(); self && !error)
                                         self->process(ARES_SOCKET_BAD, socket, watched);
                                     });
    }
  }

  void process(ares_socket_t readable, ares_socket_t writable, const std::shared_ptr<Watched>& watched) {
    ares_process_fd(channel_.get(), readable, writable);
    const ares_socket_t socket = readable != ARES_SOCKET_BAD ? readable : writable;
    if (const auto at = watched_.find(socket); at != watched_.end() && at->second == watched) wait(socket, watched);
    set_timer();
  }

  void set_timer() {
    timeval room{};
    const timeval* next = ares_timeout(channel_.get(), nullptr, &room);
    if (next == nullptr) {
      timer_.cancel();
      return;
    }
    timer_.expires_after(std::chrono::seconds(next->tv_sec) + std::chrono::microseconds(next->tv_usec));
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
      const auto self = weak.lock();
      if (error || !self) return;
      ares_process_fd(self->channel_.get(), ARES_SOCKET_BAD, ARES_SOCKET_BAD);
      self->set_timer();
    });
  }

  asio::any_io_executor executor_;
  asio::steady_timer timer_;
  std::map<ares_socket_t, std::shared_ptr<Watched>> watched_;
  Handle<ares_channeldata, ares_destroy> channel_;
  bool closing_ = false;
};

}  // namespace

std::shared_ptr<Resolver> make_resolver(const boost::asio::any_io_executor& executor, const std::string& servers) {
  return std::make_shared<CaresResolver>(executor, servers);
}

}  // namespace zegel::send
