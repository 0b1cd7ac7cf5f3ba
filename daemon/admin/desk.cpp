#include "admin/desk.h"

#include <algorithm>
#include <charconv>
#include <future>
#include <vector>

#include <nlohmann/json.hpp>

#include "admin/erasure.h"
#include "admin/json.h"
#include "admin/percent.h"
#include "check/allowlist.h"
#include "core/random.h"
#include "core/text.h"
#include "log/log.h"
#include "receive/held.h"
#include "seal/passphrase.h"

namespace zegel::admin {

namespace {

using nlohmann::json;
using Rooms = Desk::Rooms;
using Words = std::vector<std::string>;  // of the path

/// Copies in one answer: some 10 MB.
constexpr std::size_t queue_page = 20'000;

Response ok(const json& body) { return {200, body.dump()}; }
Response wrong(int status, const std::string& what) { return {status, json{{"error", what}}.dump()}; }

template <class List>
Response list(const List& entries) {
  json all = json::array();
  for (const auto& entry : entries) all.push_back(to_json(entry));
  return ok(all);
}

Response changed(std::size_t count, const std::string& reference) {
  if (count == 0) return wrong(404, "nothing in the queue has the reference " + reference);
  return ok({{"changed", count}});
}

/// A page of it, behind the copy that the path names; `next` is where the page after it begins.
Response queue(const Rooms& rooms, const Request&, const Words& words) {
  store::CopyId after = 0;
  if (words.size() == 3) {
    const std::string& id = words[2];
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), after);
    if (words[1] != "after" || error != std::errc() || end != id.data() + id.size())
      return wrong(404, "no such page: " + id);
  }
  const auto copies = rooms.store.queue(after, queue_page);
  json page{{"copies", json::array()}, {"next", nullptr}};
  for (const auto& copy : copies) page["copies"].push_back(to_json(copy));
  if (copies.size() == queue_page) page["next"] = copies.back().id;
  return ok(page);
}

Response queue_change(const Rooms& rooms, const Request& request, const Words& words) {
  const std::string& reference = words[1];
  const std::string& verb = words[2];
  if (verb == "retry" && reference == "all") return ok({{"changed", rooms.store.retry_now(std::nullopt, now())}});
  if (verb == "retry") {
    rooms.store.set_on_hold(reference, false);
    return changed(rooms.store.retry_now(reference, now()), reference);
  }
  if (verb == "hold") return changed(rooms.store.set_on_hold(reference, true), reference);
  if (verb == "drop") return changed(rooms.store.drop(reference, request.who, now()), reference);
  return wrong(404, "no such verb: " + verb);
}

/// Up to the empty line, as UTF-8: what is not is shown as `?`.
std::string header_of(std::string_view message) {
  const std::size_t end = message.find("\r\n\r\n");
  std::string header(message.substr(0, end == std::string_view::npos ? 0 : end + 2));
  std::erase(header, '\r');
  if (text::is_utf8(header)) return header;
  std::ranges::replace_if(header, [](char c) { return static_cast<unsigned char>(c) > 0x7E; }, '?');
  return header;
}

Response held(const Rooms& rooms, const Request&, const Words&) { return list(rooms.store.held()); }

Response held_entry(const Rooms& rooms, const Request&, const Words& words) {
  const auto entry = rooms.store.held_entry(words[1]);
  if (!entry) return wrong(404, "no held message has the reference " + words[1]);
  json shown = to_json(*entry);
  if (const auto message = rooms.store.held_message(words[1])) shown["headers"] = header_of(message->bytes());
  return ok(shown);
}

Response held_change(const Rooms& rooms, const Request& request, const Words& words) {
  const auto snapshot = rooms.snapshot();
  if (words[2] == "body") {
    const auto message = rooms.store.held_message(words[1]);
    if (!message) return wrong(404, message.error().why);
    log::Event("held-shown").id(words[1]).field("by", request.who).send();
    rooms.store.audit({now(), words[1], "held-shown", request.who, "", ""});
    return {200, std::string(message->bytes()), "message/rfc822"};
  }
  const auto done =
      words[2] == "release" ? receive::release_held(rooms.store, rooms.meters, *snapshot, words[1], request.who, now())
      : words[2] == "refuse"
          ? receive::end_held(rooms.store, rooms.meters, *snapshot, words[1], "refused", request.who, now())
          : Result<void>(fail("no such verb: " + words[2]));
  if (done) return ok({{"changed", 1}});
  return wrong(rooms.store.held_entry(words[1]) ? 409 : 404, done.error().why);
}

Response trace(const Rooms& rooms, const Request&, const Words& words) {
  const auto rows = rooms.store.trace(words[1]);
  return rows.empty() ? wrong(404, "nothing is known of " + words[1]) : list(rows);
}

Response passwords(const Rooms& rooms, const Request&, const Words&) {
  json all = json::array();
  const seconds agreed_for = rooms.snapshot()->settings->zip.agreed_for;
  for (const auto& [whom, since] : rooms.store.agreed_passwords())
    all.push_back({{"for", whom},
                   {"since", iso_time(since)},
                   {"since_unix", std::chrono::floor<seconds>(since).time_since_epoch().count()},
                   {"until", iso_time(since + agreed_for)}});
  return ok(all);
}

Response show_password(const Rooms& rooms, const Request& request, const Words& words) {
  json all = json::array();
  for (const store::MessagePassword& password : rooms.store.passwords(words[1])) {
    all.push_back({{"recipient", password.recipient},
                   {"password", std::string(password.password.reveal())},
                   {"expires", iso_time(password.expires)}});
  }
  if (all.empty()) return wrong(404, "no password is kept for " + words[1]);
  log::Event("password-shown").id(words[1]).field("by", request.who).send();
  rooms.store.audit({now(), words[1], "password-shown", request.who, "", ""});
  return ok(all);
}

/// The password agreed with somebody, for `zegel seal`.
Response reveal_password(const Rooms& rooms, const Request& request, const Words& words) {
  const auto mailbox = mail::parse_mailbox(words[1]);
  if (!mailbox) return wrong(422, mailbox.error().why);
  const auto password = rooms.store.agreed_password(*mailbox);
  if (!password) return wrong(404, "no password is agreed with " + mailbox->address());
  log::Event("password-shown").address("for", mailbox->address()).field("by", request.who).send();
  return ok({{"password", std::string(password->password.reveal())},
             {"for", password->whom},
             {"since", iso_time(password->since)}});
}

Response password_change(const Rooms& rooms, const Request& request, const Words& words) {
  if (words[2] == "show") return show_password(rooms, request, words);
  if (words[2] == "reveal") return reveal_password(rooms, request, words);
  const auto entry = check::parse_entry(words[1]);
  if (!entry) return wrong(422, entry.error().why);
  if (words[2] == "forget") {
    const std::size_t gone = rooms.store.forget_passwords(entry->text);
    return gone == 0 ? wrong(404, "no password is kept for " + entry->text) : ok({{"changed", gone}});
  }
  if (words[2] != "set") return wrong(404, "no such verb: " + words[2]);
  if (const auto strong = seal::strong_enough(request.body); !strong) return wrong(422, strong.error().why);
  rooms.store.set_agreed_password(entry->text, Secret(std::string(request.body)), now());
  return ok({{"changed", 1}});
}

Response allow(const Rooms& rooms, const Request&, const Words&) {
  json all = json::array();
  rooms.known.current()->each([&](const check::Entry& entry) {
    // A shipped provider that nobody has written to says nothing of this office.
    if (entry.source != check::Source::provider || entry.mails > 0) all.push_back(to_json(entry));
  });
  return ok(all);
}

/// Waits until the store has it.
void learn_durably(store::Store& store, std::vector<store::LearnedRecipient> recipients) {
  std::promise<void> durable;
  store.learn(std::move(recipients), [&](const std::exception_ptr& accident) {
    accident ? durable.set_exception(accident) : durable.set_value();
  });
  durable.get_future().get();
}

Response allow_change(const Rooms& rooms, const Request&, const Words& words) {
  const auto entry = check::parse_entry(words[1]);
  if (!entry) return wrong(422, entry.error().why);
  if (words[2] == "add") {
    learn_durably(rooms.store, {{entry->text, entry->mails, now()}});
    rooms.known.learn({*entry});
    return ok({{"changed", 1}});
  }
  if (words[2] != "remove") return wrong(404, "no such verb: " + words[2]);
  if (rooms.store.unlearn(entry->text) == 0)
    return wrong(404, entry->text + " was not learned; entries of files are removed there");
  rooms.known.forget({entry->text});
  return ok({{"changed", 1}});
}

/// A history as `zegel allow learn` parsed it: [["jan@klant.nl", 12, "2026-11-01T…Z"], …].
Response learn(const Rooms& rooms, const Request& request, const Words&) {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_array()) return wrong(422, "a list is wanted");
  std::vector<store::LearnedRecipient> recipients;
  std::vector<check::Entry> entries;
  for (const json& one : body) {
    auto entry = check::parse_entry(one.at(0).get<std::string>());
    if (!entry) continue;
    entry->mails = one.at(1).get<std::uint32_t>();
    entry->source = check::Source::history;
    recipients.push_back({entry->text, entry->mails, Time(milliseconds(one.at(2).get<std::int64_t>()))});
    entries.push_back(std::move(*entry));
  }
  const std::size_t count = entries.size();
  learn_durably(rooms.store, std::move(recipients));
  rooms.known.learn(entries);
  rooms.known.tidy();  // a whole history: its counts shall tell from now on
  return ok({{"changed", count}});
}

Response forget(const Rooms& rooms, const Request& request, const Words& words) {
  const auto mailbox = mail::parse_mailbox(words[1]);
  if (!mailbox) return wrong(422, mailbox.error().why);
  const std::string address = mail::folded(*mailbox);
  store::Store::Forgotten gone = rooms.store.forget(address, now());
  rooms.known.forget({address});
  const std::size_t keys = forget_keys(*rooms.snapshot(), *mailbox, gone.kept);
  if (keys > 0) rooms.reload();
  what_others_keep(*rooms.snapshot()->settings, address, gone.kept);
  log::Event("forgotten").field("by", request.who).send();
  return ok({{"learned", gone.learned},
             {"passwords", gone.passwords},
             {"held", gone.held},
             {"audit", gone.audit},
             {"keys", keys},
             {"kept", gone.kept}});
}

Response reload(const Rooms& rooms, const Request&, const Words&) {
  return rooms.reload() ? ok({{"changed", 1}}) : wrong(409, "the config was not taken over; the log says why");
}

Response metrics(const Rooms& rooms, const Request&, const Words&) {
  return {200, rooms.figures(), "text/plain; version=0.0.4"};
}

/// A reference as somebody typed it, in small letters or with O for 0.
void mend_reference(Words& words) {
  if (words.size() < 2 || (words[0] != "queue" && words[0] != "held" && words[0] != "passwords" && words[0] != "trace"))
    return;
  if (std::string mended = parse_reference(words[1]); !mended.empty()) words[1] = std::move(mended);
}

struct Route {
  std::string_view method;
  std::string_view room;  ///< first word of the path
  std::size_t words;      ///< how many words the path has
  Response (*answer)(const Rooms&, const Request&, const Words&);
};

constexpr Route routes[] = {
    {"GET", "queue", 1, queue},    {"GET", "queue", 3, queue},         {"POST", "queue", 3, queue_change},
    {"GET", "held", 1, held},      {"GET", "held", 2, held_entry},     {"POST", "held", 3, held_change},
    {"GET", "trace", 2, trace},    {"GET", "passwords", 1, passwords}, {"POST", "passwords", 3, password_change},
    {"GET", "allow", 1, allow},    {"POST", "allow", 3, allow_change}, {"POST", "learn", 1, learn},
    {"POST", "forget", 2, forget}, {"GET", "metrics", 1, metrics},     {"POST", "reload", 1, reload},
};

}  // namespace

Response Desk::answer(const Request& request) const {
  Words words;
  for (const std::string_view word :
       text::split(std::string_view(request.path).substr(request.path.starts_with('/') ? 1 : 0), '/'))
    words.push_back(percent_decode(word));
  mend_reference(words);
  for (const Route& route : routes) {
    if (route.room != words[0] || route.words != words.size() || route.method != request.method) continue;
    try {
      return route.answer(rooms_, request, words);
    } catch (const std::exception& accident) { return wrong(500, accident.what()); }
  }
  return wrong(404, "no such path: " + request.method + " " + request.path);
}

}  // namespace zegel::admin
