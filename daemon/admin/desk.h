#pragma once

#include <functional>
#include <memory>
#include <string>

#include "check/known_recipients.h"
#include "metrics/meters.h"
#include "receive/snapshot.h"
#include "store/store.h"

/// What an administrator may ask of a running gateway: small JSON answers over HTTP on a Unix socket.
namespace zegel::admin {

struct Request {
  std::string method;  ///< GET or POST
  std::string path;    ///< `/queue`, `/held/7K3QX9M2TB/release`; each word percent-encoded
  std::string body;    ///< of a POST, may be empty
  std::string who;     ///< name of the peer's user, for the audit
};

struct Response {
  int status = 200;
  std::string body;  ///< JSON, or text for /metrics
  std::string type = "application/json";
};

/// Answers requests. Thread-safe as its parts are; blocks on the store, so call it off the I/O threads.
///
///   GET  /queue   /queue/after/N    POST /queue/ID/retry|hold|drop     (ID may be `all` for retry)
///   GET  /held   /held/REF          POST /held/REF/release|refuse      POST /held/REF/body
///   GET  /trace/REF                 POST /passwords/REF/show           POST /forget/ADDR
///   GET  /allow                     POST /allow/ENTRY/add|remove
///   GET  /passwords                 POST /passwords/ADDR/set|forget    (the password is the body)
///                                   POST /passwords/ADDR/reveal
///   GET  /metrics                   POST /reload
class Desk {
 public:
  struct Rooms {
    store::Store& store;
    check::KnownRecipients& known;
    metrics::Meters& meters;
    std::function<std::shared_ptr<const receive::Snapshot>()> snapshot;
    std::function<bool()> reload;          ///< false: refused, see the log
    std::function<std::string()> figures;  ///< what /metrics says
  };
  explicit Desk(Rooms rooms) : rooms_(std::move(rooms)) {}

  [[nodiscard]] Response answer(const Request&) const;

 private:
  Rooms rooms_;
};

}  // namespace zegel::admin
