#include "send/mx.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace zegel::send {

namespace {

/// More are not tried: who publishes hundreds means no good.
constexpr std::size_t most_hosts = 20;
constexpr std::size_t most_records = 200;

bool is_null_mx(const std::vector<MxRecord>& records) { return records.size() == 1 && records.front().host.empty(); }

void sort_and_shuffle(std::vector<MxRecord>& records, const std::function<std::uint32_t(std::uint32_t)>& below) {
  for (std::size_t i = records.size(); i > 1; --i) {
    std::swap(records[i - 1], records[below(static_cast<std::uint32_t>(i))]);
  }
  // Insertion keeps the order of equals; the list is short.
  for (std::size_t i = 1; i < records.size(); ++i) {
    for (std::size_t k = i; k > 0 && records[k].preference < records[k - 1].preference; --k) {
      std::swap(records[k], records[k - 1]);
    }
  }
}

void drop_from_ourselves_on(std::vector<MxRecord>& records, const std::string& own_name) {
  const auto own =
      std::ranges::find_if(records, [&](const MxRecord& mx) { return text::equal_folded(mx.host, own_name); });
  if (own == records.end()) return;
  std::erase_if(records, [limit = own->preference](const MxRecord& mx) { return mx.preference >= limit; });
}

MailHosts sorted(const std::string& domain, std::vector<MxRecord> records, const std::string& own_name,
                 const std::function<std::uint32_t(std::uint32_t)>& below) {
  std::erase_if(records, [](const MxRecord& mx) { return mx.host.empty(); });
  if (records.size() > most_records) records.resize(most_records);
  sort_and_shuffle(records, below);
  drop_from_ourselves_on(records, own_name);
  if (records.empty())
    return {.permanent = true, .status = "5.4.6", .why = "mail for " + domain + " would come back to us"};
  MailHosts found;
  for (auto& record : records) {
    if (found.hosts.size() < most_hosts) found.hosts.push_back(std::move(record.host));
  }
  return found;
}

}  // namespace

MailHosts mail_hosts(const std::string& domain, const MxAnswer& answer, const std::string& own_name,
                     const std::function<std::uint32_t(std::uint32_t)>& below) {
  switch (answer.kind) {
    case MxAnswer::Kind::none:
      return {.hosts = {domain}};
    case MxAnswer::Kind::no_such_domain:
      return {.permanent = true, .status = "5.1.2", .why = "there is no domain " + domain};
    case MxAnswer::Kind::failed:
      return {.status = "4.4.3", .why = "no answer from DNS for " + domain + ": " + answer.why};
    case MxAnswer::Kind::records:
      break;
  }
  if (is_null_mx(answer.records)) {
    return {.permanent = true, .status = "5.1.10", .why = domain + " takes no mail (null MX)"};
  }
  return sorted(domain, answer.records, own_name, below);
}

}  // namespace zegel::send
