#include "admin/json.h"

#include <nlohmann/json.hpp>

namespace zegel::admin {

using nlohmann::json;

namespace {

json addresses(const std::vector<mail::Recipient>& recipients) {
  json all = json::array();
  for (const mail::Recipient& recipient : recipients) all.push_back(recipient.mailbox.address());
  return all;
}

std::string_view source(check::Source source) {
  switch (source) {
    case check::Source::provider:
      return "provider";
    case check::Source::file:
      return "file";
    case check::Source::learned:
      return "learned";
    case check::Source::history:
      return "history";
  }
  return "?";
}

}  // namespace

json to_json(const store::QueuedCopy& copy) {
  return {{"id", copy.reference},
          {"from", copy.from ? copy.from->address() : ""},
          {"to", addresses(copy.recipients)},
          {"method", std::string(to_text(copy.method))},
          {"notice", copy.notice},
          {"size", copy.size},
          {"received", iso_time(copy.received)},
          {"due", iso_time(copy.due)},
          {"attempts", copy.attempts},
          {"on_hold", copy.on_hold},
          {"last_reply", copy.last_reply}};
}

json to_json(const store::HeldEntry& entry) {
  return {{"id", entry.reference}, {"from", entry.envelope.from_address()}, {"to", addresses(entry.envelope.to)},
          {"why", entry.why},      {"suggestion", entry.suggestion},        {"message_id", entry.message_id},
          {"size", entry.size},    {"received", iso_time(entry.received)},  {"expires", iso_time(entry.expires)}};
}

json to_json(const store::AuditRow& row) {
  return {{"at", iso_time(row.at)}, {"id", row.reference},        {"event", row.event},
          {"who", row.who},         {"recipient", row.recipient}, {"detail", row.detail}};
}

json to_json(const check::Entry& entry) {
  return {{"entry", entry.text}, {"mails", entry.mails}, {"source", std::string(source(entry.source))}};
}

}  // namespace zegel::admin
