#include "check/known_recipients.h"

#include <algorithm>

#include "check/layer.h"

namespace zegel::check {

namespace {

constexpr std::size_t smallest_layer = 64;     // entries that are laid anew with each one that is learned
constexpr std::size_t most_counted = 100'000;  // known recipients whose further mails are remembered at a time

Entry entry_for(const mail::Mailbox& mailbox, std::uint32_t mails) {
  return {.what = Entry::What::address, .text = mail::folded(mailbox), .mails = mails, .source = Source::learned};
}

}  // namespace

KnownRecipients::KnownRecipients(std::shared_ptr<const Index> index) : current_(index), base_(std::move(index)) {}

std::shared_ptr<const Index> KnownRecipients::current() const {
  const std::lock_guard lock(reading_);
  return current_;
}

void KnownRecipients::publish(std::shared_ptr<const Index> index) {
  const std::lock_guard lock(reading_);
  current_.swap(index);
}

void KnownRecipients::learn(const mail::Mailbox& mailbox, std::uint32_t mails) { learn({entry_for(mailbox, mails)}); }

void KnownRecipients::learn(const std::vector<Entry>& entries) {
  const std::lock_guard lock(writing_);
  const auto known = current();
  const std::size_t before = recent_.size();
  for (const auto& entry : entries) {
    if (is_worth_publishing(entry, *known)) recent_.push_back(entry);
  }
  if (recent_.size() != before) lay_recent();
}

/// One mail more to somebody known changes no verdict: it is counted and waits for the next rebuilding.
bool KnownRecipients::is_worth_publishing(const Entry& entry, const Index& known) {
  if (!known.has(entry.text)) return true;
  if (entry.mails > 0 && more_mails_.size() < most_counted) more_mails_[entry.text] += entry.mails;
  return false;
}

/// Two small layers above the base, so that learning one costs the laying of a few.
void KnownRecipients::lay_recent() {
  if (recent_.size() - settled_ > std::max(smallest_layer, settled_ / 8)) {
    middle_ = std::make_shared<const Layer>(recent_);
    settled_ = recent_.size();
  }
  auto layers = base_->layers();
  if (middle_ != nullptr) layers.push_back(middle_);
  if (settled_ < recent_.size()) {
    layers.push_back(std::make_shared<const Layer>(
        std::vector<Entry>(recent_.begin() + static_cast<std::ptrdiff_t>(settled_), recent_.end())));
  }
  publish(std::make_shared<const Index>(std::move(layers), base_->weights()));
}

void KnownRecipients::replace(std::shared_ptr<const Index> index) {
  const std::lock_guard rebuilding(rebuilding_);
  const std::lock_guard lock(writing_);
  std::erase_if(recent_, [&](const Entry& entry) { return index->has(entry.text); });
  std::erase_if(more_mails_, [&](const auto& more) { return index->has(more.first); });
  base_ = std::move(index);
  middle_ = nullptr;
  settled_ = 0;
  lay_recent();
}

bool KnownRecipients::wants_tidying() const {
  const auto known = current();
  const auto& layers = known->layers();
  if (layers.size() < 2) return false;
  std::size_t small = 0;
  for (std::size_t i = 1; i < layers.size(); ++i) small += layers[i]->entry_count();
  return small > std::max<std::size_t>(1'000, layers.front()->entry_count() / 50);
}

void KnownRecipients::tidy() { rebuild({}); }

bool KnownRecipients::forget(const std::set<std::string, std::less<>>& entries) {
  const auto known = current();
  const bool any = std::ranges::any_of(entries, [&](const std::string& entry) { return known->has(entry); });
  rebuild(entries);
  return any;
}

/// Everything anew in one layer, but for `without`. What is learned while that goes on lies above it afterwards.
void KnownRecipients::rebuild(const std::set<std::string, std::less<>>& without) {
  const auto goes = [&](const Entry& entry) {
    return (entry.source == Source::learned || entry.source == Source::history) && without.contains(entry.text);
  };
  const std::lock_guard rebuilding(rebuilding_);
  std::shared_ptr<const Index> known;
  std::map<std::string, std::uint32_t, std::less<>> more;
  std::size_t included = 0;
  {
    const std::lock_guard lock(writing_);
    known = current();
    included = recent_.size();
    more.swap(more_mails_);
  }
  IndexBuilder builder(known->weights());
  known->each([&](const Entry& entry) {
    if (goes(entry)) return;
    Entry counted = entry;
    if (const auto found = more.find(entry.text); found != more.end()) {
      counted.mails += found->second;
      more.erase(found);
    }
    builder.add(counted);
  });
  auto built = builder.build();
  const std::lock_guard lock(writing_);
  recent_.erase(recent_.begin(), recent_.begin() + static_cast<std::ptrdiff_t>(included));
  std::erase_if(recent_, goes);
  std::erase_if(more_mails_, [&](const auto& one) { return without.contains(one.first); });
  base_ = std::move(built);
  middle_ = nullptr;
  settled_ = 0;
  lay_recent();
}

}  // namespace zegel::check
