#pragma once

#include <string>

#include "config/settings.h"
#include "decide/decide.h"
#include "decide/directory.h"

namespace zegel::decide {

/// A directory that knows one recipient, by words: `cert`, `cert2`, `old-cert` (expired), `domain-cert`, `pgp`, `pgp2`,
/// `old-pgp`, `agreed`, `smime-away` and `pgp-away` (unreadable), and for the sender `signs`.
class FakeDirectory : public Directory {
 public:
  explicit FakeDirectory(std::string words) : words_(" " + std::move(words) + " ") {}

  [[nodiscard]] std::vector<Candidate> certificates(const mail::Mailbox&, Time) const override;
  [[nodiscard]] std::vector<Candidate> domain_certificates(const mail::Mailbox&, Time) const override;
  [[nodiscard]] std::vector<Candidate> pgp_keys(const mail::Mailbox&, Time) const override;
  [[nodiscard]] Agreed agreed_password(const mail::Mailbox&, Time) const override {
    return has("agreed") ? Agreed::good : has("aged") ? Agreed::too_old : Agreed::none;
  }
  [[nodiscard]] std::string unreadable(Method method) const override {
    return has(std::string(to_text(method)) + "-away") ? "it cannot be read" : "";
  }
  [[nodiscard]] bool can_sign(Method, const mail::Mailbox&, Time) const override { return has("signs"); }

 private:
  [[nodiscard]] bool has(const std::string& word) const { return words_.contains(" " + word + " "); }
  [[nodiscard]] std::vector<Candidate> known(std::initializer_list<const char*> usable, const char* expired) const;

  std::string words_;
};

/// A config of these lines, from a file `policy`, with the required keys added below. Throws what is wrong with it.
[[nodiscard]] config::Settings settings_of(const std::string& toml);

/// `FROM` or `<>`; throws on what is not an address.
[[nodiscard]] std::optional<mail::Mailbox> sender_of(const std::string& text);
[[nodiscard]] mail::Recipient recipient_of(const std::string& text);

}  // namespace zegel::decide
