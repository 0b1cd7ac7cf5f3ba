#include "key_watch.h"

#include "log/log.h"

namespace zegel {

namespace {

constexpr std::chrono::days between_reminders{1};

void remind(const seal::KeyEntry& key, Time now) {
  log::Event event("key-ends-soon", log::Level::warning);
  event.field("method", to_text(key.method)).field("key", key.fingerprint);
  for (const std::string& address : key.addresses) event.address("address", address);
  for (const std::string& domain : key.domains) event.field("domain", domain);
  event.field("until", iso_time(key.expires).substr(0, 10));
  event.field("days", static_cast<std::uint64_t>(std::chrono::floor<std::chrono::days>(key.expires - now).count()));
  event.field("use", key.secret ? "sign" : "encrypt");
  event.send();
}

}  // namespace

void KeyWatch::look(const seal::Keys& keys, Time now) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (last_ && now >= *last_ && now < *last_ + between_reminders) return;
    first = !last_;
    last_ = now;
  }
  for (const seal::KeyEntry& key : keys.ending(now)) remind(key, now);
  if (first) return;
  for (const std::string& complaint : keys.complaints(now)) {
    log::Event("problem", log::Level::warning).field("what", complaint).send();
  }
}

}  // namespace zegel
