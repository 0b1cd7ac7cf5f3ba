// Over messages of many other projects: the ranges are exact, and no part that GMime sees escapes us.
#include "mail/corpus.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "mail/canonical.h"
#include "mail/content.h"
#include "mail/header.h"
#include "mail/structure.h"

#ifdef ZEGEL_HAVE_GMIME
#include <gmime/gmime.h>
#endif

namespace zegel::mail {
namespace {

using testing::corpus;
using testing::Sample;

/// The octets of the message put together again from its parts: each part gives its header and, between its children
/// or else in one piece, the rest. Any overlap or gap shows.
std::string joined(const Message& message, const Structure& structure) {
  std::string out;
  std::size_t at = 0;
  const auto up_to = [&](std::size_t end) {
    if (end < at) throw std::logic_error("ranges overlap");
    out += message.slice({at, end});
    at = end;
  };
  for (const Part& part : structure.parts()) {
    up_to(part.whole.begin);
    EXPECT_EQ(part.whole.begin, part.header.begin);
    EXPECT_EQ(part.whole.end, part.body.end);
    EXPECT_LE(part.header.end, part.body.begin);
    up_to(part.header.begin);
    std::string header;
    for (const Field& field : fields(message.slice(part.header))) header += field.raw;
    out += header;
    at += header.size();
    up_to(part.body.begin);
    if (part.parent == Part::none) continue;
    const Part& parent = structure.parts()[part.parent];
    EXPECT_GE(part.whole.begin, parent.body.begin);
    EXPECT_LE(part.whole.end, parent.body.end);
  }
  up_to(message.size());
  return out;
}

TEST(Corpus, RangesJoinToTheSameOctets) {
  const auto samples = corpus();
  if (samples.empty()) GTEST_SKIP() << "no corpus beside the source tree";
  for (const Sample& sample : samples) {
    for (const std::string& bytes : {sample.crlf, sample.raw}) {
      const Message message(bytes);
      EXPECT_EQ(joined(message, scan(message)), bytes) << sample.name;
    }
  }
}

TEST(Corpus, MostMessagesAreSound) {
  const auto samples = corpus();
  if (samples.empty()) GTEST_SKIP() << "no corpus beside the source tree";
  std::size_t sound = 0;
  std::map<std::string, int> names;
  for (const Sample& sample : samples) {
    const Structure structure = scan(Message(sample.crlf));
    sound += structure.sound() ? 1U : 0U;
    for (const Flaw& flaw : structure.flaws()) ++names[std::string(flaw.name)];
  }
  // These are the hard cases of other projects' tests; refusing more of them would be refusing mail that people send.
  EXPECT_GE(sound * 100, samples.size() * 65);
  std::printf("%zu messages, %zu sound\n", samples.size(), sound);
  for (const auto& [name, count] : names) std::printf("  %4d %s\n", count, name.c_str());
}

TEST(Corpus, EveryLeafOfASoundMessageIsSortedOnce) {
  if (corpus().empty()) GTEST_SKIP() << "no corpus beside the source tree";
  for (const Sample& sample : corpus()) {
    const Message message(sample.crlf);
    const Structure structure = scan(message);
    if (!structure.sound()) continue;
    const Content content = sort_content(message, structure);
    std::vector<std::uint32_t> seen = content.body;
    seen.insert(seen.end(), content.inlined.begin(), content.inlined.end());
    for (const Attachment& attachment : content.attachments) seen.push_back(attachment.part);
    std::ranges::sort(seen);
    EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end()) << sample.name;
    for (std::uint32_t i = 0; i < structure.parts().size(); ++i) {
      std::uint32_t at = i;  // a part inside an attached message goes with it
      bool found = structure.parts()[i].is_multipart() && !structure.parts()[i].children.empty();
      for (; at != Part::none && !found; at = structure.parts()[at].parent)
        found = std::ranges::binary_search(seen, at);
      EXPECT_TRUE(found) << sample.name << " part " << i;
    }
  }
}

TEST(Corpus, TheCanonicalFormIs7BitAndKeepsEveryLeaf) {
  if (corpus().empty()) GTEST_SKIP() << "no corpus beside the source tree";
  for (const Sample& sample : corpus()) {
    const Message before(sample.crlf);
    const Structure structure = scan(before);
    if (structure.fatal() != nullptr) continue;
    const auto canonical = canonical_for_signing(sample.crlf);
    if (!canonical) continue;
    const Message after(*canonical);
    const Structure again = scan(after);
    ASSERT_EQ(structure.parts().size(), again.parts().size()) << sample.name;
    for (std::uint32_t i = 0; i < again.parts().size(); ++i) {
      if (!again.parts()[i].children.empty()) continue;
      const auto body = after.slice(again.parts()[i].body);
      EXPECT_TRUE(std::ranges::all_of(body, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
          << sample.name;
      const auto old_leaf = decode(before, structure.parts()[i]);
      const auto new_leaf = decode(after, again.parts()[i]);
      EXPECT_EQ(old_leaf.has_value(), new_leaf.has_value()) << sample.name;
      if (old_leaf && new_leaf) EXPECT_EQ(*old_leaf, *new_leaf) << sample.name << " part " << i;
    }
  }
}

#ifdef ZEGEL_HAVE_GMIME

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

TEST(Corpus, GMimeSeesNoPartThatWeMissed) {
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

TEST(Corpus, GMimeDecodesTheSameLeaves) {
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

#endif

}  // namespace
}  // namespace zegel::mail
