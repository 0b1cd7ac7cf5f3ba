#include <algorithm>

#include "check/index.h"
#include "check/layer.h"
#include "check/providers.h"
#include "core/text.h"

namespace zegel::check {

namespace {

bool is_domain_octet(char c) { return (text::is_alnum(c) && c == text::lower(c)) || c == '-' || c == '.' || c == '_'; }

/// Good enough for the tables; whether it is a sound domain was found out by who parsed it.
bool is_domain(std::string_view text) {
  return !text.empty() && text.size() <= 253 && text.front() != '.' && text.back() != '.' && !text.contains("..") &&
         std::ranges::all_of(text, is_domain_octet);
}

bool fits(const Entry& entry) {
  const std::string_view text = entry.text;
  if (entry.what == Entry::What::domain) return is_domain(text);
  if (entry.what == Entry::What::subdomains) return text.starts_with('.') && is_domain(text.substr(1));
  const auto at = text.rfind('@');
  return at != std::string_view::npos && at > 0 && at <= 200 && is_domain(text.substr(at + 1));
}

Entry::What what_is(std::string_view text) {
  if (text.contains('@')) return Entry::What::address;
  return text.starts_with('.') ? Entry::What::subdomains : Entry::What::domain;
}

}  // namespace

struct IndexBuilder::Collected {
  std::vector<Entry> entries;
};

IndexBuilder::IndexBuilder(const Weights& weights) : collected_(std::make_unique<Collected>()), weights_(weights) {}
IndexBuilder::~IndexBuilder() = default;
IndexBuilder::IndexBuilder(IndexBuilder&&) noexcept = default;
IndexBuilder& IndexBuilder::operator=(IndexBuilder&&) noexcept = default;

bool IndexBuilder::add(const Entry& entry) {
  if (!fits(entry)) return false;
  collected_->entries.push_back(entry);
  return true;
}

bool IndexBuilder::add(std::string_view text, std::uint32_t mails, Source source) {
  return add({.what = what_is(text), .text = std::string(text), .mails = mails, .source = source});
}

void IndexBuilder::add_providers() {
  for (const auto& provider : providers()) {
    for (const auto ending : text::split(provider.endings, ' ')) {
      add(std::string(provider.name) + "." + std::string(ending), 0, Source::provider);
    }
  }
}

std::shared_ptr<const Index> IndexBuilder::build() {
  const auto entries = std::exchange(collected_->entries, {});
  return std::make_shared<const Index>(
      std::vector<std::shared_ptr<const Layer>>{std::make_shared<const Layer>(entries)}, weights_);
}

}  // namespace zegel::check
