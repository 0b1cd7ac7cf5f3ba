// Every message of the corpus through every sealer: what openssl, gpg and 7-Zip open again is the same, octet for
// octet.
#include <algorithm>
#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "mail/canonical.h"
#include "mail/content.h"
#include "mail/corpus.h"
#include "mail/header.h"
#include "mail/sealing_keys.h"
#include "mail/structure.h"
#include "seal/detached_signature.h"
#include "seal/zip_sealer.h"

namespace zegel::seal {
namespace {

using mail::testing::Sample;
using test::Folder;
using test::PgpKeys;
using test::read;
using test::shell;
using test::SmimeKeys;
using test::write;

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = mail::testing::corpus();
  return all;
}

/// `inner`, as it came out of a seal, holds the body octet for octet and, where the structure is sound, the same parts.
void expect_same(const std::string& inner, const mail::Message& original, const std::string& name) {
  const mail::Structure before = mail::scan(original);
  const std::string_view body = original.slice(before.root().body);
  EXPECT_TRUE(inner.ends_with(body)) << name << ": " << inner.size() << " octets, wanted " << body.size();
  if (!before.sound()) return;
  const mail::Message message(inner);
  const mail::Structure after = mail::scan(message);
  ASSERT_EQ(before.parts().size(), after.parts().size()) << name;
  EXPECT_EQ(after.root().type + "/" + after.root().subtype, before.root().type + "/" + before.root().subtype) << name;
  EXPECT_EQ(after.root().encoding, before.root().encoding) << name;
  EXPECT_EQ(after.root().file_name(), before.root().file_name()) << name;
  EXPECT_EQ(message.slice(after.root().body), body) << name;
  for (std::size_t i = 1; i < before.parts().size(); ++i) {
    EXPECT_EQ(original.slice(before.parts()[i].whole), message.slice(after.parts()[i].whole)) << name << " part " << i;
  }
}

/// After signing, which may bring leaves into another encoding: each holds the same, and none is 8bit where it could be
/// helped. `first` is the index of the original's root among the parts of `inner`.
void expect_same_leaves(const std::string& inner, std::size_t first, const mail::Message& original,
                        const std::string& name) {
  const mail::Structure before = mail::scan(original);
  if (inner.contains(original.slice(before.root().body))) return;  // nothing had to change, or nothing could
  const mail::Message message(inner);
  const mail::Structure after = mail::scan(message);
  EXPECT_TRUE(after.sound()) << name;
  ASSERT_GE(after.parts().size(), before.parts().size() + first) << name;
  for (std::size_t i = 0; i < before.parts().size(); ++i) {
    const mail::Part& part = before.parts()[i];
    const mail::Part& same = after.parts()[i + first];
    EXPECT_EQ(same.type + "/" + same.subtype, part.type + "/" + part.subtype) << name;
    if (!part.children.empty()) continue;
    EXPECT_TRUE(mail::is_canonical(message.slice(same.body))) << name << " part " << i;
    EXPECT_EQ(mail::decode(message, same).value_or("?"), mail::decode(original, part).value()) << name << " part " << i;
  }
}

/// The corpus, each message sealed by `seal` and written to a file; what is no message at all has a reason to be
/// refused.
template <class Seal>
std::vector<std::size_t> seal_all(
    const Folder& folder, const std::string& extension, const Seal& seal,
    const std::function<bool(const Sample&)>& wanted = [](const Sample&) { return true; }) {
  std::vector<std::size_t> sealed;
  for (std::size_t i = 0; i < samples().size(); ++i) {
    if (!wanted(samples()[i])) continue;
    const mail::Message message(samples()[i].crlf);
    const mail::Structure structure = mail::scan(message);
    if (const mail::Flaw* fatal = structure.fatal()) {
      EXPECT_FALSE(fatal->why.empty()) << samples()[i].name;
      continue;
    }
    write(folder / ("m/" + std::to_string(i) + extension), seal(message, structure, samples()[i].name));
    sealed.push_back(i);
  }
  return sealed;
}

/// What signing may change, or must not; all else goes in as it does without a signature.
bool is_telling_when_signed(const Sample& sample) {
  return !mail::is_canonical(sample.crlf) || sample.crlf.contains("multipart/signed");
}

TEST(Sealing, SmimeGivesEveryMessageBack) {
  NEEDS("the corpus", !samples().empty());
  const Folder folder;
  const SmimeKeys smime(folder);
  const auto sealed = seal_all(folder, ".eml", [&](const auto& message, const auto& structure, const auto& name) {
    return smime.seal(message, structure, nullptr, name);
  });
  EXPECT_GT(sealed.size(), 500U);
  shell("for m in m/*.eml; do openssl cms -decrypt -in $m -inkey " + smime.office.key("jan") +
            " -out $m.out || exit 1; done",
        folder);
  for (const std::size_t i : sealed) {
    const std::string inner = read(folder / ("m/" + std::to_string(i) + ".eml.out"));
    expect_same(inner, mail::Message(samples()[i].crlf), samples()[i].name);
  }
}

TEST(Sealing, SmimeThatIsSignedGivesEveryLeafBack) {
  NEEDS("the corpus", !samples().empty());
  const Folder folder;
  const SmimeKeys smime(folder);
  const auto sealed = seal_all(
      folder, ".eml",
      [&](const auto& message, const auto& structure, const auto& name) {
        return smime.seal(message, structure, &smime.piet, name);
      },
      is_telling_when_signed);
  EXPECT_GT(sealed.size(), 50U);
  shell("for m in m/*.eml; do openssl cms -decrypt -in $m -inkey " + smime.office.key("jan") +
            " -out $m.out && openssl cms -verify -in $m.out -CAfile " + smime.office.authority() +
            " -purpose any -out /dev/null || exit 1; done",
        folder);
  for (const std::size_t i : sealed) {
    const std::string inner = read(folder / ("m/" + std::to_string(i) + ".eml.out"));
    expect_same_leaves(inner, 1, mail::Message(samples()[i].crlf), samples()[i].name);
  }
}

TEST(Sealing, PgpGivesEveryMessageBack) {
  NEEDS("the corpus", !samples().empty());
  const Folder folder;
  const Folder other;
  const PgpKeys pgp(folder, other);
  const auto sealed = seal_all(folder, ".asc", [&](const auto& message, const auto& structure, const auto& name) {
    return pgp.seal(message, structure, nullptr, name);
  });
  EXPECT_GT(sealed.size(), 500U);
  shell(pgp.opening("m/*.asc"), folder);
  for (const std::size_t i : sealed) {
    expect_same(read(folder / ("m/" + std::to_string(i))), mail::Message(samples()[i].crlf), samples()[i].name);
  }
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST(Sealing, PgpThatIsSignedGivesEveryLeafBack) {
  NEEDS("the corpus", !samples().empty());
  const Folder folder;
  const Folder other;
  const PgpKeys pgp(folder, other);
  const auto sealed = seal_all(
      folder, ".asc",
      [&](const auto& message, const auto& structure, const auto& name) {
        return pgp.seal(message, structure, &pgp.piet, name);
      },
      is_telling_when_signed);
  EXPECT_GT(sealed.size(), 50U);
  shell(pgp.opening("m/*.asc"), folder);
  EXPECT_EQ(count(read(folder / "status"), "VALIDSIG"), sealed.size());
  for (const std::size_t i : sealed) {
    const std::string inner = read(folder / ("m/" + std::to_string(i)));
    expect_same_leaves(inner, 0, mail::Message(samples()[i].crlf), samples()[i].name);
  }
}

/// The octets of every file below a folder.
std::set<std::string> files_in(const std::string& folder) {
  std::set<std::string> out;
  if (!std::filesystem::is_directory(folder)) return out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out.insert(read(entry.path().string()));
  }
  return out;
}

/// Seals each sound message, opens each zip by 7-Zip, and hands both to `check` with the octets of the files inside.
template <class Check>
void each_zip(Method method, const Check& check) {
  const Folder folder;
  const Secret password{std::string("bakker-olifant-gordijn")};
  std::vector<std::pair<std::size_t, mail::Message>> sealed;
  for (std::size_t i = 0; i < samples().size(); ++i) {
    const mail::Message message(samples()[i].crlf);
    const mail::Structure structure = mail::scan(message);
    if (structure.fatal() != nullptr || ZipSealer::has_nothing_to_lock(message, structure, method)) continue;
    const auto out = ZipSealer::seal(message, structure, {method, Language::nl, password, "7K3QX9M2TB", "", {}});
    EXPECT_EQ(out.has_value(), structure.sound()) << samples()[i].name << (out ? "" : ": " + out.error().why);
    if (!out) {
      EXPECT_FALSE(out.error().why.empty()) << samples()[i].name;
      continue;
    }
    const mail::Message outer{std::string(out->bytes())};
    const mail::Structure outside = mail::scan(outer);
    EXPECT_TRUE(outside.sound()) << samples()[i].name;
    write(folder / (std::to_string(i) + ".d/zip.zip"), mail::decode(outer, outside.parts().back()).value());
    sealed.emplace_back(i, outer);
  }
  shell(
      "for d in *.d; do (cd $d && 7zz x -y -pbakker-olifant-gordijn zip.zip && rm zip.zip && 7zz x -y -oout ./*.zip) "
      ">/dev/null || { echo $d; exit 1; }; done",
      folder);
  for (const auto& [i, outer] : sealed) {
    check(samples()[i], mail::Message(samples()[i].crlf), outer, files_in(folder / (std::to_string(i) + ".d/out")));
  }
  EXPECT_GT(sealed.size(), 100U);
}

/// Whether some file is the original as .eml: it ends with the whole body, and begins with its first field.
bool holds_all(const std::set<std::string>& files, const mail::Message& original) {
  const mail::Part root = mail::scan(original).root();
  const auto fields = mail::fields(original.slice(root.header));
  const std::string_view body = original.slice(root.body);
  return std::ranges::any_of(files, [&](const std::string& file) {
    return file.ends_with("\r\n" + std::string(body)) && (fields.empty() || file.starts_with(fields.front().raw));
  });
}

/// What the leaves of a message hold.
std::set<std::string> leaves_of(const mail::Message& message) {
  std::set<std::string> out;
  const mail::Structure structure = mail::scan(message);
  for (const mail::Part& part : structure.parts()) {
    if (part.children.empty()) out.insert(mail::decode(message, part).value_or("?"));
  }
  return out;
}

/// Files that are inside, octet for octet, and not outside; body and images that are outside, octet for octet.
TEST(Sealing, ZipOfAttachmentsGivesEveryLeafBack) {
  NEEDS("the corpus", !samples().empty());
  NEEDS("7zz", test::there_is("7zz"));
  each_zip(Method::zip_attachments, [](const Sample& sample, const mail::Message& original, const mail::Message& outer,
                                       const std::set<std::string>& files) {
    const mail::Structure structure = mail::scan(original);
    const mail::Content content = mail::sort_content(original, structure);
    const std::set<std::string> outside = leaves_of(outer);
    std::vector<std::uint32_t> shown = content.body;
    shown.insert(shown.end(), content.inlined.begin(), content.inlined.end());
    std::set<std::string> said;
    for (const std::uint32_t part : shown) {
      said.insert(mail::decode(original, structure.parts()[part]).value());
      EXPECT_TRUE(outside.contains(mail::decode(original, structure.parts()[part]).value())) << sample.name;
    }
    for (const mail::Attachment& attachment : content.attachments) {
      const std::string bytes = mail::decode(original, structure.parts()[attachment.part]).value();
      const bool signature = is_detached_signature(original, structure, attachment.part);
      EXPECT_TRUE(signature ? holds_all(files, original) : files.contains(bytes))
          << sample.name << ": " << attachment.name;
      EXPECT_TRUE(!outside.contains(bytes) || said.contains(bytes)) << sample.name << ": " << attachment.name;
      // Nor in any other guise: a part of it that is long enough to tell shows nowhere.
      const std::string telling = bytes.substr(bytes.size() / 2, 40);
      const bool in_body = std::ranges::any_of(said, [&](const std::string& text) { return text.contains(telling); });
      EXPECT_TRUE(telling.size() < 40 || in_body || !outer.bytes().contains(telling)) << sample.name;
    }
  });
}

/// What has nothing to lock leaves as it came.
TEST(Sealing, ZipOfAttachmentsLeavesWhatHasNoneAsItWas) {
  NEEDS("the corpus", !samples().empty());
  std::size_t passed = 0;
  for (const Sample& sample : samples()) {
    const mail::Message message(sample.crlf);
    const mail::Structure structure = mail::scan(message);
    if (!ZipSealer::has_nothing_to_lock(message, structure, Method::zip_attachments)) continue;
    const Secret password;
    const auto out = ZipSealer::seal(message, structure, {Method::zip_attachments, Language::nl, password, "", "", {}});
    ASSERT_TRUE(out) << sample.name;
    EXPECT_TRUE(out->bytes().ends_with(message.slice(structure.root().body))) << sample.name;
    ++passed;
  }
  EXPECT_GT(passed, 100U);
}

TEST(Sealing, ZipOfAllGivesTheMessageBack) {
  NEEDS("the corpus", !samples().empty());
  NEEDS("7zz", test::there_is("7zz"));
  each_zip(Method::zip,
           [](const Sample& sample, const mail::Message& original, const mail::Message&,
              const std::set<std::string>& files) { EXPECT_TRUE(holds_all(files, original)) << sample.name; });
}

}  // namespace
}  // namespace zegel::seal
