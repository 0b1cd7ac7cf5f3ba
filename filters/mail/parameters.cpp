#include "mail/parameters.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "core/text.h"
#include "mail/charset.h"
#include "mail/header.h"
#include "mail/percent.h"

namespace zegel::mail {

namespace {

bool is_file_name(std::string_view name) { return name == "name" || name == "filename"; }

/// A parameter as it is written: `name*0*="…"`.
struct Written {
  std::string name;  ///< lower case, without the asterisks
  std::string value;
  std::uint32_t section = 0;  ///< of a continuation
  bool continued = false;     ///< `name*N`
  bool extended = false;      ///< `name*` or `name*N*`: percent-encoded
  bool escaped = false;       ///< a backslash stood in it
};

/// Reads a value from left to right.
class Reader {
 public:
  Reader(std::string_view value, MimeValue& out) : rest_(value), out_(out) {}

  void skip_blanks() {
    for (;;) {
      while (!rest_.empty() && text::is_blank(rest_.front())) rest_.remove_prefix(1);
      if (rest_.empty() || rest_.front() != '(') return;
      odd("comment-in-mime-field", "a comment in a MIME field");
      skip_comment();
    }
  }

  /// Up to a semicolon, a blank or a comment.
  std::string_view bare() { return take(rest_.find_first_of("; \t(")); }
  std::string_view name() { return take(rest_.find_first_of("=; \t(\"")); }

  /// Whether there is another parameter; takes the semicolons away.
  bool next() {
    skip_blanks();
    if (!rest_.empty() && rest_.front() != ';') {
      odd("junk-in-mime-field", "something between the parameters of a MIME field");
      take(rest_.find(';'));
    }
    while (!rest_.empty() && (rest_.front() == ';' || text::is_blank(rest_.front()))) rest_.remove_prefix(1);
    return !rest_.empty();
  }

  bool equals() {
    skip_blanks();
    if (!rest_.starts_with('=')) return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }

  void value(Written& parameter) {
    if (rest_.starts_with('"')) {
      quoted(parameter);
    } else if (is_file_name(parameter.name)) {
      parameter.value = text::trim(take(rest_.find(';')));  // senders forget the quotes around blanks
    } else {
      parameter.value = bare();
      if (parameter.value.find_first_of("\"\\<>),[]") != std::string::npos) {
        odd("junk-in-mime-field", "a parameter that must be quoted and is not");
      }
    }
  }

  void odd(std::string_view name, std::string_view what) {
    const auto same = [&](const Oddity& oddity) { return oddity.name == name; };
    if (std::ranges::none_of(out_.oddities, same)) out_.oddities.push_back({name, what});
  }

 private:
  std::string_view take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  void skip_comment() {
    std::size_t depth = 0;
    std::size_t at = 0;
    for (; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (c == '\\') ++at;
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) break;
    }
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
  }

  void quoted(Written& parameter) {
    std::size_t at = 1;
    for (; at < rest_.size() && rest_[at] != '"'; ++at) {
      if (rest_[at] == '\\' && at + 1 < rest_.size()) {
        parameter.escaped = true;
        ++at;
      }
      parameter.value += rest_[at];
    }
    if (at >= rest_.size()) odd("open-quote", "a quote left open in a MIME field");
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
  }

  std::string_view rest_;
  MimeValue& out_;
};

/// `filename*0*` into its name, section and whether it is percent-encoded (RFC 2231 4.1).
Written named(std::string_view written) {
  Written out;
  const std::size_t star = std::min(written.find('*'), written.size());
  out.name = text::lower(written.substr(0, star));
  std::string_view rest = written.substr(star);
  if (rest.ends_with('*')) {
    out.extended = true;
    rest.remove_suffix(1);
  }
  if (rest.starts_with('*')) rest.remove_prefix(1);
  if (rest.empty()) return out;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out.section);
  out.continued = error == std::errc() && end == rest.data() + rest.size();
  if (!out.continued) out.name = text::lower(written);  // no RFC 2231 after all
  return out;
}

/// Takes `charset'language'` off; the charset.
std::string take_charset(std::string& value) {
  const std::size_t first = value.find('\'');
  const std::size_t second = first == std::string::npos ? first : value.find('\'', first + 1);
  if (second == std::string::npos) return {};
  std::string charset = value.substr(0, first);
  value.erase(0, second + 1);
  return charset;
}

/// The sections of one parameter, in order, as one value in UTF-8.
std::string joined(std::vector<Written>& sections) {
  std::ranges::sort(sections, {}, &Written::section);
  std::string charset;
  std::string bytes;
  for (Written& section : sections) {
    if (section.extended && &section == &sections.front()) charset = take_charset(section.value);
    bytes += section.extended ? percent_decoded(section.value) : section.value;
  }
  auto utf8 = charset.empty() ? Result<std::string>(as_utf8(bytes)) : to_utf8(bytes, charset);
  return utf8 ? *utf8 : as_utf8(bytes);
}

std::string plain_value(const Written& parameter) {
  if (is_file_name(parameter.name) && parameter.value.contains("=?")) return decode_words(parameter.value);
  return as_utf8(parameter.value);
}

/// All parameters of one name: the RFC 2231 form wins over the plain one (the other is for readers that know no
/// better); of two plain ones that differ nobody knows which a reader takes.
std::string settled(std::vector<Written>& all, Reader& reader) {
  std::vector<Written> extended;
  std::ranges::copy_if(all, std::back_inserter(extended), [](const Written& p) { return p.extended || p.continued; });
  std::vector<Written> plain;
  std::ranges::copy_if(all, std::back_inserter(plain), [](const Written& p) { return !p.extended && !p.continued; });
  const auto differs = [&](const Written& p) { return p.value != plain.front().value; };
  if (std::ranges::any_of(plain, differs)) reader.odd("duplicate-parameter", "a MIME parameter that is given twice");
  if (all.front().name == "boundary") {
    if (plain.size() > 1) reader.odd("duplicate-boundary", "two boundary parameters");
    if (!extended.empty()) reader.odd("encoded-boundary", "an encoded boundary parameter");
    if (std::ranges::any_of(plain, &Written::escaped)) reader.odd("odd-boundary", "a boundary with a backslash");
  }
  std::ranges::sort(extended, {}, &Written::section);
  const auto same_section = [](const Written& a, const Written& b) { return a.section == b.section; };
  if (std::ranges::adjacent_find(extended, same_section) != extended.end()) {
    reader.odd("duplicate-parameter", "a MIME parameter that is given twice");
  }
  return extended.empty() ? plain_value(plain.front()) : joined(extended);
}

std::vector<Written> read_parameters(Reader& reader) {
  std::vector<Written> out;
  while (reader.next()) {
    if (out.size() == most_parameters) {
      reader.odd("too-many-parameters", "more than 100 parameters in a MIME field");
      break;
    }
    Written parameter = named(reader.name());
    if (!reader.equals() || parameter.name.empty()) {
      reader.odd("junk-in-mime-field", "something between the parameters of a MIME field");
      continue;
    }
    reader.value(parameter);
    out.push_back(std::move(parameter));
  }
  return out;
}

}  // namespace

MimeValue parse_mime_value(std::string_view value) {
  MimeValue out;
  Reader reader(value, out);
  reader.skip_blanks();
  out.token = text::lower(reader.bare());
  std::vector<Written> written = read_parameters(reader);
  for (std::size_t i = 0; i < written.size(); ++i) {
    const std::string name = written[i].name;
    const auto known = [&](const Parameter& parameter) { return parameter.name == name; };
    if (std::ranges::any_of(out.parameters, known)) continue;
    std::vector<Written> all;
    std::ranges::copy_if(written, std::back_inserter(all), [&](const Written& p) { return p.name == name; });
    out.parameters.push_back({name, settled(all, reader)});
  }
  return out;
}

}  // namespace zegel::mail
