#pragma once

#include <filesystem>
#include <future>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "core/random.h"
#include "core/text.h"
#include "store/store.h"

namespace zegel::store {

/// A folder of its own, gone with the test.
class TempDir {
 public:
  TempDir() : path_(std::filesystem::temp_directory_path() / ("zegel-store-" + text::hex(random_bytes(8)))) {
    std::filesystem::create_directories(path_);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string state() const { return (path_ / "state").string(); }

 private:
  std::filesystem::path path_;
};

inline const Time noon{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + std::chrono::hours(12)};

inline mail::Mailbox box(std::string local, std::string domain = "klant.nl") {
  return {std::move(local), std::move(domain)};
}

inline seal::Sealed octets(std::string bytes) { return seal::OwnWords::sealed(std::move(bytes)); }

/// A message of `bytes` from piet@kantoor.nl to one copy for `to`.
inline Submission submission(const std::string& reference, std::string bytes,
                             std::vector<mail::Recipient> to = {{.mailbox = box("jan")}}, Time at = noon) {
  Submission s{.reference = reference,
               .envelope = {.from = box("piet", "kantoor.nl"), .to = to, .envelope_id = "env-1"},
               .client = "127.0.0.1",
               .client_tls = "TLSv1.3",
               .message_id = "<" + reference + "@kantoor.nl>",
               .size = bytes.size(),
               .received = at};
  s.copies.push_back({.message = octets(std::move(bytes)),
                      .recipients = std::move(to),
                      .method = Method::clear,
                      .tls = Tls::required,
                      .language = Language::en,
                      .rule = "zegel.toml:41",
                      .keys = {"ABCD"}});
  return s;
}

inline Submission held_submission(const std::string& reference, std::string bytes, Time expires,
                                  std::vector<mail::Recipient> to = {{.mailbox = box("jan")}}) {
  Submission s = submission(reference, "", std::move(to));
  s.copies.clear();
  s.size = bytes.size();
  s.held =
      HeldMessage{mail::Message(std::move(bytes)), "near-miss: did you mean jan@klant.nl?", "jan@klant.nl", expires};
  return s;
}

/// Opens, or fails the test.
inline std::unique_ptr<Store> open(const TempDir& dir) {
  auto store = open_sqlite(dir.state());
  EXPECT_TRUE(store) << store.error().why;
  return store ? std::move(*store) : nullptr;
}

/// Calls `call(done)` and waits; throws what `done` was given.
template <class Call>
void wait(Call call) {
  std::promise<void> promise;
  call([&](std::exception_ptr error) {
    if (error) {
      promise.set_exception(error);
    } else {
      promise.set_value();
    }
  });
  promise.get_future().get();
}

inline void submit(Store& store, Submission s) {
  wait([&](Store::Done done) { store.submit(std::move(s), std::move(done)); });
}
inline void record(Store& store, Attempt attempt) {
  wait([&](Store::Done done) { store.record(std::move(attempt), std::move(done)); });
}

inline RecipientOutcome outcome(const mail::Mailbox& who, RecipientOutcome::Kind kind, std::string reply = "250 ok") {
  return {.recipient = who,
          .kind = kind,
          .reply = std::move(reply),
          .relay = "smtp.provider.nl:587",
          .tls = "TLSv1.3/verified"};
}

inline void deliver(Store& store, const QueuedCopy& copy, Time at = noon) {
  Attempt attempt{.copy = copy.id, .at = at};
  for (const auto& r : copy.recipients) {
    attempt.outcomes.push_back(outcome(r.mailbox, RecipientOutcome::Kind::delivered));
  }
  record(store, std::move(attempt));
}

}  // namespace zegel::store
