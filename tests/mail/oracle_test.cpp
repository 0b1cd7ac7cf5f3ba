// GMime as the oracle: no part that it sees escapes us, in messages of other projects and in thousands broken at
// random.
#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "core/text.h"
#include "mail/content.h"
#include "mail/corpus.h"
#include "mail/structure.h"

#ifdef ZEGEL_HAVE_GMIME
#include <gmime/gmime.h>

namespace zegel::mail {
namespace {

using testing::corpus;
using testing::Sample;

/// What GMime sees of a message: each leaf and container by type and, for leaves, its decoded octets.
struct Seen {
  std::vector<std::string> types;
  std::vector<std::string> leaves;
};

void collect(GMimeObject*, GMimeObject* part, void* user) {
  auto& seen = *static_cast<Seen*>(user);
  GMimeContentType* type = g_mime_object_get_content_type(part);
  char* text = g_mime_content_type_get_mime_type(type);
  std::string name(text);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  seen.types.push_back(name);
  g_free(text);
  if (!GMIME_IS_PART(part)) return;
  GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(part));
  GMimeStream* memory = g_mime_stream_mem_new();
  if (content != nullptr) g_mime_data_wrapper_write_to_stream(content, memory);
  const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
  seen.leaves.emplace_back(reinterpret_cast<const char*>(bytes->data), bytes->len);
  g_object_unref(memory);
}

Seen as_gmime_sees(const std::string& bytes) {
  Seen seen;
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size());
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr);
  if (message != nullptr) {
    GMimeObject* root = g_mime_message_get_mime_part(message);
    if (root != nullptr) {
      collect(nullptr, root, &seen);
      if (GMIME_IS_MULTIPART(root)) g_mime_multipart_foreach(GMIME_MULTIPART(root), collect, &seen);
    }
    g_object_unref(message);
  }
  g_object_unref(parser);
  g_object_unref(stream);
  return seen;
}

/// Messages in which GMime sees a part that we do not. None is sound: they go out whole, or not at all.
const std::map<std::string_view, std::string_view> differences = {
    {"zbateson/m0009.txt.eml", "a header line over 998 octets is fatal"},
    {"postfix/postfix_src_global_mime_trunc.in.eml",
     "a header line over 998 octets in a part: its type is not looked at"},
    {"postfix/postfix_src_global_mime_test.in.eml", "a malformed Content-Type that GMime reads as multipart/mumble"},
    {"mime4j/testmsgs_very-long-boundary.msg.eml", "a boundary over 200 octets is not looked for"},
    {"mime4j/testmsgs_very-very-long-boundary.msg.eml", "a header line over 998 octets is fatal"},
    {"mime4j/testmsgs_weird-boundary.msg.eml", "GMime takes a close delimiter with more behind it for a delimiter"},
    {"php-mime-mail-parser/tests_mails_issue126.eml", "two Content-Type fields: GMime takes the last, we the first"},
    {"cpython/msg_15.txt.eml", "an inner multipart with the boundary of the outer one"},
    {"cpython/msg_39.txt.eml", "inner multiparts with the boundary of the outer one"},
    {"enmime/parts_ctype-invalid-characters.raw.eml", "a malformed Content-Type that GMime takes for text/plain"},
    {"enmime/mail_qp-utf8-header-no-break.raw.eml", "no blank line after the header: two Content-Type fields"},
};

/// What theirs has and ours has not, both counted.
std::vector<std::string> missing(const std::vector<std::string>& theirs, std::vector<std::string> ours) {
  std::vector<std::string> out;
  for (const std::string& one : theirs) {
    const auto found = std::ranges::find(ours, one);
    if (found == ours.end()) {
      out.push_back(one);
    } else {
      ours.erase(found);
    }
  }
  return out;
}

TEST(GMime, SeesNoPartThatWeMissed) {
  const auto samples = corpus();
  if (samples.empty()) GTEST_SKIP() << "no corpus beside the source tree";
  g_mime_init();
  for (const Sample& sample : samples) {
    const Structure structure = scan(Message(sample.crlf));
    std::vector<std::string> ours;
    for (const Part& part : structure.parts()) ours.push_back(part.type + "/" + part.subtype);
    const auto missed = missing(as_gmime_sees(sample.crlf).types, ours);
    if (missed.empty()) continue;
    EXPECT_TRUE(differences.contains(sample.name)) << sample.name << " missed " << missed.front();
    EXPECT_FALSE(structure.sound()) << sample.name;
  }
}

/// Without blanks before line ends: GMime keeps those of quoted-printable, which RFC 2045 6.7 tells a reader to drop.
std::string without_trailing_blanks(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\r' || c == '\n') {
      while (!out.empty() && (out.back() == ' ' || out.back() == '\t')) out.pop_back();
    }
    out += c;
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == '\t')) out.pop_back();
  return out;
}

TEST(GMime, DecodesTheSameLeaves) {
  if (corpus().empty()) GTEST_SKIP() << "no corpus beside the source tree";
  g_mime_init();
  for (const Sample& sample : corpus()) {
    const Message message(sample.crlf);
    const Structure structure = scan(message);
    if (!structure.sound()) continue;
    std::vector<std::string> ours;
    for (const Part& part : structure.parts()) {
      auto bytes = decode(message, part);
      if (part.children.empty()) EXPECT_TRUE(bytes) << sample.name;
      if (bytes) ours.push_back(without_trailing_blanks(*bytes));
    }
    auto theirs = as_gmime_sees(sample.crlf).leaves;
    std::ranges::transform(theirs, theirs.begin(), without_trailing_blanks);
    for (const std::string& leaf : missing(theirs, ours)) {
      ADD_FAILURE() << sample.name << ": " << leaf.substr(0, 200);
    }
  }
}

constexpr int rounds = 5;  ///< of each message

/// One message broken in a few places, the way relays, programs and attackers break them.
class Breaker {
 public:
  explicit Breaker(std::string_view message) {
    for (const auto line : text::split(message, '\n')) lines_.emplace_back(line);
  }

  std::string broken(std::mt19937& random) {
    for (std::size_t i = random() % 3 + 1; i > 0; --i) breakage(random);
    std::string out;
    for (const std::string& line : lines_) out += line + '\n';
    out.pop_back();
    return testing::with_crlf(out);
  }

 private:
  std::string& any(std::mt19937& random) { return lines_[random() % lines_.size()]; }

  /// A line that matters to MIME, if some tries find one.
  std::string& telling(std::mt19937& random) {
    for (int i = 0; i < 50; ++i) {
      std::string& line = any(random);
      if (line.starts_with("--") || line.contains("boundary") || text::starts_with_folded(line, "content-"))
        return line;
    }
    return any(random);
  }

  void breakage(std::mt19937& random) {
    static constexpr std::string_view pieces[] = {
        "\"", ";", "=",          "-",           "--", " ",  "\t", "(", ")", "\\",
        ":",  ",", "boundary=x", "; boundary=", "*",  "*0", "\r", "'", "b", "\f"};
    static constexpr std::string_view lines[] = {"",
                                                 " ",
                                                 "--",
                                                 "Content-Type: text/plain\r",
                                                 "Content-Type: multipart/mixed; boundary=b\r",
                                                 "Content-Type: message/rfc822\r",
                                                 "Content-Transfer-Encoding: base64\r",
                                                 " boundary=b\r",
                                                 "--b\r",
                                                 "--b--\r",
                                                 "\r"};
    std::string& line = telling(random);
    const std::size_t at = line.empty() ? 0 : random() % line.size();
    const auto place = lines_.begin() + (&line - lines_.data());
    switch (random() % 7) {
      case 0:
        line.insert(at, pieces[random() % std::size(pieces)]);
        break;
      case 1:
        line.erase(at, random() % 4 + 1);
        break;
      case 2:
        if (lines_.size() > 1) lines_.erase(place);
        break;
      case 3:
        lines_.insert(place, std::string(lines[random() % std::size(lines)]));
        break;
      case 4:
        lines_.insert(lines_.begin() + (random() % lines_.size()), std::string(line));
        break;
      case 5:
        std::swap(line, any(random));
        break;
      default:
        lines_.resize(std::max<std::size_t>(1, random() % lines_.size()));
    }
  }

  std::vector<std::string> lines_;
};

/// In a message that we call sound GMime may see nothing else, however it was broken.
TEST(GMime, SeesNoPartThatWeMissedInBrokenMessages) {
  const auto samples = corpus();
  if (samples.empty()) GTEST_SKIP() << "no corpus beside the source tree";
  g_mime_init();
  std::mt19937 random(2045);
  int sound = 0;
  for (const Sample& sample : samples) {
    if (sample.crlf.size() > 30'000) continue;
    for (int i = 0; i < rounds; ++i) {
      const std::string broken = Breaker(sample.crlf).broken(random);
      const Structure structure = scan(Message(broken));
      if (!structure.sound()) continue;
      ++sound;
      std::vector<std::string> ours;
      for (const Part& part : structure.parts()) ours.push_back(part.type + "/" + part.subtype);
      const auto missed = missing(as_gmime_sees(broken).types, ours);
      ASSERT_TRUE(missed.empty()) << sample.name << " " << missed.front() << "\n" << broken;
    }
  }
  EXPECT_GT(sound, 100);
}

}  // namespace
}  // namespace zegel::mail

#endif
