#include "seal/subject.h"

#include "core/text.h"
#include "mail/compose.h"
#include "mail/header.h"

namespace zegel::seal {

std::string subject_of(std::string_view header) {
  const auto subjects = mail::find(header, "Subject");
  return subjects.empty() ? std::string() : mail::decode_words(subjects.front().value());
}

std::string with_subject(std::string_view header, std::string_view utf8_subject) {
  return mail::replaced(header, "Subject", mail::field("Subject", utf8_subject));
}

std::string without_tag(std::string_view header, std::string_view tag) {
  const std::string subject = subject_of(header);
  const std::size_t at = tag.empty() ? std::string::npos : text::lower(subject).find(text::lower(tag));
  if (at == std::string::npos) return std::string(header);
  const std::string_view before = text::trim(std::string_view(subject).substr(0, at));
  const std::string_view after = text::trim(std::string_view(subject).substr(at + tag.size()));
  return with_subject(header, std::string(before) + (before.empty() || after.empty() ? "" : " ") + std::string(after));
}

}  // namespace zegel::seal
