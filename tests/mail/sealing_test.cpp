// Every message of the corpus through every sealer: what openssl, gpg and 7-Zip open again is the same, octet for
// octet.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "core/time.h"
#include "mail/content.h"
#include "mail/corpus.h"
#include "mail/structure.h"
#include "seal/certificate_office.h"
#include "seal/keys.h"
#include "seal/pgp_engine.h"
#include "seal/pgp_office.h"
#include "seal/pgp_sealer.h"
#include "seal/smime_sealer.h"
#include "seal/workbench.h"
#include "seal/zip_sealer.h"

namespace zegel::seal {
namespace {

using mail::testing::Sample;
using test::CertificateOffice;
using test::Folder;
using test::PgpOffice;
using test::read;
using test::write;

#define NEEDS(what, there) \
  if (!(there)) GTEST_SKIP() << "skipped: needs " what

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = mail::testing::corpus();
  return all;
}

/// All in one go, for the hundreds of them take longer than test::run allows.
void shell(const std::string& script, const Folder& folder) {
  write(folder / "script.sh", "cd " + folder.path() + "\n" + script);
  EXPECT_EQ(std::system(("exec timeout 280 sh " + (folder / "script.sh") + " >" + (folder / "log") + " 2>&1").c_str()),
            0)
      << read(folder / "log").substr(0, 2000);
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
  for (std::size_t i = 0; i < before.parts().size(); ++i) {
    EXPECT_EQ(original.slice(before.parts()[i].body), message.slice(after.parts()[i].body)) << name << " part " << i;
  }
}

TEST(Sealing, SmimeGivesEveryMessageBack) {
  NEEDS("the corpus", !samples().empty());
  const Folder folder;
  CertificateOffice office(folder);
  write(folder / "smime/jan.pem", read(office.issue("jan", "email:jan@klant.nl")));
  std::vector<std::string> problems;
  const auto keys = Keys::load({folder / "smime", "", "", ""}, now(), problems);
  const std::vector prints{keys->certificates(mail::parse_mailbox("jan@klant.nl").value(), now()).at(0).fingerprint};
  std::vector<std::size_t> sealed;
  for (std::size_t i = 0; i < samples().size(); ++i) {
    const mail::Message message(samples()[i].crlf);
    const mail::Structure structure = mail::scan(message);
    if (structure.fatal() != nullptr) continue;
    const auto out = SmimeSealer(*keys).seal(message, structure, {prints, nullptr, Cipher::aes256_cbc, {}, now()});
    ASSERT_TRUE(out) << samples()[i].name << out.error().why;
    write(folder / ("m/" + std::to_string(i) + ".eml"), out->bytes());
    sealed.push_back(i);
  }
  shell("for m in m/*.eml; do openssl cms -decrypt -in $m -inkey " + office.key("jan") + " -out $m.out || exit 1; done",
        folder);
  for (const std::size_t i : sealed) {
    const std::string inner = read(folder / ("m/" + std::to_string(i) + ".eml.out"));
    expect_same(inner, mail::Message(samples()[i].crlf), samples()[i].name);
  }
  EXPECT_GT(sealed.size(), 500U);
}

TEST(Sealing, PgpGivesEveryMessageBack) {
  NEEDS("the corpus", !samples().empty());
  const Folder folder;
  const Folder other;
  PgpOffice office(other);
  const std::string print = office.make("Jan <jan@klant.nl>");
  const KeySources sources{"", "", "", folder / "gnupg"};
  ASSERT_TRUE(import_keys(sources, office.exported(print), false, now(), [] { return std::string(); })[0].ok);
  std::vector<std::string> problems;
  const auto keys = Keys::load(sources, now(), problems);
  const auto engine = make_pgp_engine(folder / "gnupg");
  const std::vector prints{print};
  std::vector<std::size_t> sealed;
  for (std::size_t i = 0; i < samples().size(); ++i) {
    const mail::Message message(samples()[i].crlf);
    const mail::Structure structure = mail::scan(message);
    if (structure.fatal() != nullptr) continue;
    const auto out = PgpSealer(*keys, *engine).seal(message, structure, {prints, nullptr, {}, now()});
    ASSERT_TRUE(out) << samples()[i].name << out.error().error.why;
    const mail::Message sealed_message{std::string(out->bytes())};
    write(folder / ("m/" + std::to_string(i) + ".asc"),
          mail::decode(sealed_message, mail::scan(sealed_message).parts().at(2)).value());
    sealed.push_back(i);
  }
  shell("gpg --homedir " + other.path() + " --batch --quiet --no-tty --multifile --decrypt m/*.asc", folder);
  for (const std::size_t i : sealed) {
    expect_same(read(folder / ("m/" + std::to_string(i))), mail::Message(samples()[i].crlf), samples()[i].name);
  }
  EXPECT_GT(sealed.size(), 500U);
  test::run("gpgconf --homedir " + (folder / "gnupg") + " --kill gpg-agent");
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

/// Whether some file is the original as .eml: it holds the whole body.
bool holds_all(const std::set<std::string>& files, const mail::Message& original) {
  const std::string_view body = original.slice(mail::scan(original).root().body);
  return std::ranges::any_of(files, [&](const std::string& file) { return file.contains(body); });
}

TEST(Sealing, ZipOfAttachmentsGivesEveryLeafBack) {
  NEEDS("the corpus", !samples().empty());
  NEEDS("7zz", test::there_is("7zz"));
  each_zip(Method::zip_attachments, [](const Sample& sample, const mail::Message& original, const mail::Message& outer,
                                       const std::set<std::string>& files) {
    if (holds_all(files, original)) return;
    const mail::Structure structure = mail::scan(original);
    const mail::Content content = mail::sort_content(original, structure);
    for (const mail::Attachment& attachment : content.attachments) {
      const auto bytes = mail::decode(original, structure.parts()[attachment.part]);
      EXPECT_TRUE(bytes && files.contains(*bytes)) << sample.name << ": " << attachment.name;
    }
    // The text stays where it is, octet for octet, unless it was 8bit and had to be encoded.
    const mail::Structure outside = mail::scan(outer);
    for (const std::uint32_t body : content.body) {
      const auto bytes = mail::decode(original, structure.parts()[body]);
      const bool there = std::ranges::any_of(outside.parts(), [&](const mail::Part& part) {
        return part.children.empty() && mail::decode(outer, part).value_or("") == bytes.value();
      });
      EXPECT_TRUE(there) << sample.name;
    }
  });
}

TEST(Sealing, ZipOfAllGivesTheMessageBack) {
  NEEDS("the corpus", !samples().empty());
  NEEDS("7zz", test::there_is("7zz"));
  each_zip(Method::zip,
           [](const Sample& sample, const mail::Message& original, const mail::Message&,
              const std::set<std::string>& files) { EXPECT_TRUE(holds_all(files, original)) << sample.name; });
}

TEST(Sealing, AnInnerSignatureStillVerifies) {
  const Folder folder;
  CertificateOffice office(folder);
  write(folder / "smime/jan.pem", read(office.issue("jan", "email:jan@klant.nl")));
  office.issue("piet", "email:piet@kantoor.nl");
  write(folder / "text", "Content-Type: text/plain; charset=utf-8\r\n\r\nBeste Jan, \r\nFrom hier\r\n");
  shell("openssl cms -sign -md sha256 -in text -signer piet.pem -inkey " + office.key("piet") + " -out signed", folder);
  const mail::Message message("From: piet@kantoor.nl\r\n" + mail::testing::with_crlf(read(folder / "signed")));
  std::vector<std::string> problems;
  const auto keys = Keys::load({folder / "smime", "", "", ""}, now(), problems);
  const std::vector prints{keys->certificates(mail::parse_mailbox("jan@klant.nl").value(), now()).at(0).fingerprint};
  const auto out =
      SmimeSealer(*keys).seal(message, mail::scan(message), {prints, nullptr, Cipher::aes256_cbc, {}, now()});
  ASSERT_TRUE(out);
  write(folder / "sealed", out->bytes());
  shell("openssl cms -decrypt -in sealed -inkey " + office.key("jan") +
            " -out opened && openssl cms -verify -in opened -CAfile " + office.authority() +
            " -purpose any -out verified",
        folder);
  EXPECT_TRUE(read(folder / "verified").contains("Beste Jan, \r\nFrom hier\r\n"));
}

}  // namespace
}  // namespace zegel::seal
