// Over messages of many other projects: the ranges are exact, every leaf is sorted once and none is lost.
#include "mail/corpus.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "mail/canonical.h"
#include "mail/content.h"
#include "mail/header.h"
#include "mail/structure.h"

namespace zegel::mail {
namespace {

using testing::corpus;
using testing::Sample;

/// Whether `gap` is a delimiter line of RFC 2046 5.1.1 with the line ends that belong to it, and nothing else.
bool is_delimiter(std::string_view gap, std::string_view boundary, bool close) {
  if (gap.starts_with("\r\n")) gap.remove_prefix(2);
  const std::string line = "--" + std::string(boundary) + (close ? "--" : "");
  if (!gap.starts_with(line)) return false;
  gap.remove_prefix(line.size());
  gap.remove_prefix(std::min(gap.find_first_not_of(" \t"), gap.size()));
  return gap == "\r\n" || (close && gap.empty());
}

/// Puts a message together again from its ranges alone, and sees that what lies between them is what RFC 2046 puts
/// there.
class Assembly {
 public:
  Assembly(const Message& message, const Structure& structure) : message_(message), structure_(structure) {}

  /// As deep as the scanner lets a message be.
  std::string of(std::uint32_t index) {
    const Part& part = structure_.parts()[index];
    std::string out;
    for (const Field& field : fields(message_.slice(part.header))) out += field.raw;
    const std::string_view blank = message_.slice({part.header.end, part.body.begin});
    EXPECT_TRUE(blank == "\r\n" || blank.empty());
    EXPECT_EQ(part.whole, (Range{part.header.begin, part.body.end}));
    out += blank;
    if (part.children.empty()) return out += message_.slice(part.body);
    return out += part.is_multipart() ? multipart(part) : of(part.children.front());
  }

 private:
  std::string multipart(const Part& part) {
    EXPECT_EQ(part.preamble.begin, part.body.begin);
    EXPECT_EQ(part.epilogue.end, part.body.end);
    std::string out(message_.slice(part.preamble));
    std::size_t at = part.preamble.end;
    for (const std::uint32_t child : part.children) {
      const Range range = structure_.parts()[child].whole;
      out += gap({at, range.begin}, part, false) + of(child);
      at = range.end;
    }
    out += gap({at, part.epilogue.begin}, part, true);
    return out += message_.slice(part.epilogue);
  }

  std::string gap(Range range, const Part& part, bool close) {
    const std::string_view octets = message_.slice(range);
    EXPECT_TRUE(is_delimiter(octets, part.parameter("boundary"), close)) << octets;
    return std::string(octets);
  }

  const Message& message_;
  const Structure& structure_;
};

TEST(Corpus, RangesJoinToTheSameOctets) {
  const auto samples = corpus();
  if (samples.empty()) GTEST_SKIP() << "no corpus beside the source tree";
  for (const Sample& sample : samples) {
    SCOPED_TRACE(sample.name);
    const Message message(sample.crlf);
    const Structure structure = scan(message);
    if (structure.sound()) EXPECT_EQ(Assembly(message, structure).of(0), sample.crlf);
  }
}

/// Also where the structure is doubtful: parts lie in each other and in order, and nothing lies in two.
TEST(Corpus, RangesNeverOverlap) {
  const auto samples = corpus();
  if (samples.empty()) GTEST_SKIP() << "no corpus beside the source tree";
  for (const Sample& sample : samples) {
    for (const std::string& bytes : {sample.crlf, sample.raw}) {
      const Structure structure = scan(Message(bytes));
      std::size_t at = 0;
      for (const Part& part : structure.parts()) {
        EXPECT_GE(part.whole.begin, at) << sample.name;
        EXPECT_EQ(part.whole.begin, part.header.begin) << sample.name;
        EXPECT_LE(part.header.end, part.body.begin) << sample.name;
        EXPECT_EQ(part.whole.end, part.body.end) << sample.name;
        at = part.children.empty() ? part.whole.end : part.body.begin;
        const Range around = part.parent == Part::none ? Range{0, bytes.size()} : structure.parts()[part.parent].body;
        EXPECT_GE(part.whole.begin, around.begin) << sample.name;
        EXPECT_LE(part.whole.end, around.end) << sample.name;
      }
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

}  // namespace
}  // namespace zegel::mail
