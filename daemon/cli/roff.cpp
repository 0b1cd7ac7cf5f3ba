#include "cli/roff.h"

namespace zegel::cli::roff {

std::string text(std::string_view words) {
  std::string out;
  bool bold = false;
  if (words.starts_with('.') || words.starts_with('\'')) out += "\\&";
  for (const char c : words) {
    switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;
      case '`':
        bold = !bold;
        out += bold ? "\\fB" : "\\fR";
        break;
      case '\n':
        out += ' ';
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string title(std::string_view page, int section, std::string_view version) {
  return ".TH " + text(page) + " " + std::to_string(section) + " \"\" \"Zegel " + std::string(version) +
         "\" \"Zegel\"\n.nh\n.ad l\n";
}

std::string heading(std::string_view words) { return ".SH " + text(words) + "\n"; }

std::string subheading(std::string_view words) { return ".SS " + text(words) + "\n"; }

std::string paragraph(std::string_view words) { return ".PP\n" + text(words) + "\n"; }

std::string item(std::string_view term, std::string_view explanation) {
  return ".TP\n\\fB" + text(term) + "\\fR\n" + text(explanation) + "\n";
}

}  // namespace zegel::cli::roff
