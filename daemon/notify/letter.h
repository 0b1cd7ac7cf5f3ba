#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mail/compose.h"
#include "notify/notify.h"

/// What all that we write ourselves has in common.
namespace zegel::notify {

/// One text in the three languages.
struct Words {
  std::string_view nl, en, de;
  [[nodiscard]] std::string_view in(Language language) const {
    return language == Language::nl ? nl : language == Language::de ? de : en;
  }
};

/// `text` with each {name} replaced, in one pass: a value is never searched for names, and it stays on its line.
[[nodiscard]] std::string fill(std::string_view text,
                               const std::vector<std::pair<std::string_view, std::string>>& values);

/// `23 november 2026, 20:01 UTC`.
[[nodiscard]] std::string date_text(Language, Time);

/// The last lines: the reference, and whom to ask.
[[nodiscard]] std::string closing(const Letterhead&);

/// RFC 3834: an answer to the sender's own message, or a message of our own accord.
enum class Occasion { replied, generated };

/// Headers (From MAILER-DAEMON, To, Date, Message-ID, Auto-Submitted, …) around the entity. `answers`: a Message-ID,
/// or empty.
[[nodiscard]] seal::Sealed letter(const Letterhead&, Occasion, std::string_view subject, const mail::Entity&,
                                  std::string_view answers = {});

}  // namespace zegel::notify
