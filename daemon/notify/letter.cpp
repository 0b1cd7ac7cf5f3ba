#include "notify/letter.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "core/random.h"
#include "core/text.h"

namespace zegel::notify {

namespace {

constexpr std::array<Words, 12> months{{{"januari", "January", "Januar"},
                                        {"februari", "February", "Februar"},
                                        {"maart", "March", "März"},
                                        {"april", "April", "April"},
                                        {"mei", "May", "Mai"},
                                        {"juni", "June", "Juni"},
                                        {"juli", "July", "Juli"},
                                        {"augustus", "August", "August"},
                                        {"september", "September", "September"},
                                        {"oktober", "October", "Oktober"},
                                        {"november", "November", "November"},
                                        {"december", "December", "Dezember"}}};

constexpr Words ask_by_phone{
    "Kenmerk van uw bericht: {reference}\nVragen? Bel {phone} en noem dit kenmerk.\n",
    "Reference of your message: {reference}\nQuestions? Call {phone} and quote this reference.\n",
    "Referenz Ihrer Nachricht: {reference}\nFragen? Rufen Sie {phone} an und nennen Sie diese Referenz.\n"};
constexpr Words ask_the_administrator{
    "Kenmerk van uw bericht: {reference}\nVragen? Noem dit kenmerk bij uw systeembeheerder.\n",
    "Reference of your message: {reference}\nQuestions? Quote this reference to your system administrator.\n",
    "Referenz Ihrer Nachricht: {reference}\nFragen? Nennen Sie diese Referenz Ihrer IT-Abteilung.\n"};

/// Receivers look askance at a name without a dot.
std::string full_name(const Letterhead& head) {
  return head.hostname.contains('.') ? head.hostname : head.hostname + "." + head.to.domain;
}

/// Foreign words stay on their line.
std::string on_one_line(std::string value) {
  std::ranges::replace_if(value, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, ' ');
  return value;
}

std::string two_digits(long long number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// A local part beyond ASCII stands as it is (RFC 6532): an encoded word would be another address.
std::string to_field(const mail::Mailbox& to) {
  return to.needs_utf8() ? "To: <" + to.address() + ">\r\n" : mail::field("To", "<" + to.address() + ">");
}

}  // namespace

std::string fill(std::string_view text, const std::vector<std::pair<std::string_view, std::string>>& values) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    const std::size_t close = text.find('}');
    if (text.empty() || close == std::string_view::npos) break;
    for (const auto& [name, value] : values) {
      if (name == text.substr(1, close - 1)) out += on_one_line(value);
    }
    text.remove_prefix(close + 1);
  }
  return out + std::string(text);
}

std::string date_text(Language language, Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::minutes>(time - day));
  const auto month = months[static_cast<unsigned>(date.month()) - 1].in(language);
  return std::to_string(static_cast<unsigned>(date.day())) + (language == Language::de ? ". " : " ") +
         std::string(month) + " " + std::to_string(static_cast<int>(date.year())) + ", " +
         two_digits(clock.hours().count()) + ":" + two_digits(clock.minutes().count()) + " UTC";
}

std::string closing(const Letterhead& head) {
  const Words& words = head.phone.empty() ? ask_the_administrator : ask_by_phone;
  return fill(words.in(head.language), {{"reference", head.reference}, {"phone", head.phone}});
}

seal::Sealed letter(const Letterhead& head, Occasion occasion, std::string_view subject, const mail::Entity& entity,
                    std::string_view answers) {
  const std::string host = full_name(head);
  std::string fields = mail::field("From", "Zegel <MAILER-DAEMON@" + host + ">") + to_field(head.to) +
                       mail::field("Subject", subject) + mail::field("Date", mail_date(head.now)) +
                       mail::field("Message-ID", "<" + new_reference() + new_reference() + "@" + host + ">");
  if (!answers.empty()) fields += mail::field("In-Reply-To", answers) + mail::field("References", answers);
  fields += mail::field("Auto-Submitted", occasion == Occasion::replied ? "auto-replied" : "auto-generated");
  fields += mail::field("Content-Language", to_text(head.language));
  return seal::OwnWords::sealed(mail::compose_message(fields, entity));
}

}  // namespace zegel::notify
