#include "check/allowlist.h"

#include <algorithm>
#include <unordered_set>

#include "check/domain_name.h"
#include "core/text.h"
#include "mail/mailbox.h"

namespace zegel::check {

namespace {

constexpr std::size_t longest_entry = 512;
constexpr std::size_t most_problems = 100;
constexpr std::size_t most_entries = 5'000'000;

struct Flaw {
  std::string what;
  std::string mend;
};

/// In quotes, short and printable, whatever it is.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, 60)) {
    out += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E ? '?' : c;
  }
  return out + (text.size() > 60 ? "…\"" : "\"");
}

/// What somebody who wrote `*@klant.nl` or `https://klant.nl/` probably wants; empty if that is no guess worth making.
std::string probably(std::string_view text) {
  for (const std::string_view front : {"https://", "http://", "mailto:", "*@", "@", "*"}) {
    if (text.starts_with(front)) text.remove_prefix(front.size());
  }
  text = text.substr(0, text.find_first_of("/,;> \t"));
  if (text.starts_with('<')) text.remove_prefix(1);
  const bool subdomains = text.starts_with('.');
  const auto domain = mail::parse_domain(text.substr(subdomains ? 1 : 0));
  if (domain && domain->contains('.')) return (subdomains ? "." : "") + *domain;
  const auto mailbox = mail::parse_mailbox(text);
  return mailbox ? mail::folded(*mailbox) : std::string();
}

std::unexpected<Flaw> flawed(std::string_view text, const std::string& why) {
  const std::string guess = probably(text);
  return std::unexpected(
      Flaw{quoted(text) + " is " + why,
           guess.empty() ? "write a domain (klant.nl), an address (jan@klant.nl) or .klant.nl for its subdomains"
                         : "write " + guess});
}

std::expected<Entry, Flaw> read_domain(std::string_view text, bool subdomains) {
  const auto domain = mail::parse_domain(text.substr(subdomains ? 1 : 0));
  if (!domain) return flawed(text, "not a domain: " + domain.error().why);
  if (!domain->contains('.')) return flawed(text, "not a domain: it has no dot");
  if (is_registry_suffix(*domain)) {
    return std::unexpected(
        Flaw{quoted(text) + " would make every domain under it known", "name the domains themselves"});
  }
  return Entry{.what = subdomains ? Entry::What::subdomains : Entry::What::domain,
               .text = (subdomains ? "." : "") + *domain,
               .mails = 0,
               .source = Source::file};
}

std::expected<Entry, Flaw> read_entry(std::string_view text) {
  if (text.size() > longest_entry)
    return std::unexpected(Flaw{"a line of " + std::to_string(text.size()) + " octets", "one entry a line"});
  if (!text::is_utf8(text)) return std::unexpected(Flaw{quoted(text) + " is not UTF-8", "save the file as UTF-8"});
  if (text.starts_with('*')) return flawed(text, "a wildcard, which there is none of here");
  if (!text.contains('@')) return read_domain(text, text.starts_with('.'));
  const auto mailbox = mail::parse_mailbox(text);
  if (!mailbox) return flawed(text, "not an address: " + mailbox.error().why);
  if (!mailbox->domain.contains('.')) return flawed(text, "not an address: its domain has no dot");
  return Entry{.what = Entry::What::address, .text = mail::folded(*mailbox), .mails = 0, .source = Source::file};
}

class Reader {
 public:
  Allowlist read(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (std::uint32_t number = 1; !text.empty(); ++number) {
      const auto end = text.find('\n');
      line(text.substr(0, end), number);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    find_covered();
    if (left_out_ > 0) {
      auto& last = list_.problems.back();
      last = {last.line, 1, "and " + std::to_string(left_out_ + 1) + " problems more", "mend those above first", true};
    }
    return std::move(list_);
  }

 private:
  void line(std::string_view whole, std::uint32_t number) {
    const auto entry_text = text::trim(whole.substr(0, whole.find('#')));
    if (entry_text.empty()) return;
    const auto column = static_cast<std::uint32_t>(entry_text.data() - whole.data() + 1);
    auto entry = read_entry(entry_text);
    if (!entry) return problem({number, column, std::move(entry.error().what), std::move(entry.error().mend), true});
    if (!seen_.insert(entry->text).second) {
      return problem({number, column, quoted(entry->text) + " is written twice", "take this line out", false});
    }
    if (list_.lines.size() == most_entries) {
      return problem({number, column, "more than 5,000,000 entries", "name domains instead of addresses", true});
    }
    list_.lines.push_back({std::move(*entry), number, column});
  }

  /// An address whose whole domain is an entry as well: not wrong, but somebody may think it narrows it.
  void find_covered() {
    for (const auto& [entry, number, column] : list_.lines) {
      if (entry.what != Entry::What::address) continue;
      const auto domain = entry.text.substr(entry.text.rfind('@') + 1);
      if (!seen_.contains(domain)) continue;
      problem({number, column, quoted(entry.text) + " says nothing new: everybody at " + quoted(domain) + " is known",
               "take one of the two out", false});
    }
  }

  void problem(Problem problem) {
    if (list_.problems.size() < most_problems)
      list_.problems.push_back(std::move(problem));
    else
      ++left_out_;
  }

  Allowlist list_;
  std::unordered_set<std::string> seen_;
  std::size_t left_out_ = 0;
};

}  // namespace

bool Allowlist::usable() const { return std::ranges::none_of(problems, &Problem::grave); }

Allowlist parse_allowlist(std::string_view text) { return Reader().read(text); }

Result<Entry> parse_entry(std::string_view text) {
  auto entry = read_entry(text::trim(text));
  if (!entry) return fail(entry.error().what + "; " + entry.error().mend);
  return std::move(*entry);
}

}  // namespace zegel::check
