#include "seal/locked.h"

#include <gtest/gtest.h>

#include "other_tools.h"

/// Files that 7-Zip locks here, and those that others locked (vectors/README.md).
namespace zegel::seal {
namespace {

using test::Folder;
using test::vector;

/// The archive that 7-Zip makes of two files and a folder with these words. `prepare`: run before it.
std::string by_7zip(const std::string& name, const std::string& words, const std::string& prepare = "true") {
  const Folder folder;
  const auto outcome = folder.run(
      "mkdir map && echo Kanarie > a.txt && head -c 100000 /dev/urandom > b.bin && echo x > map/c.txt && : > leeg.txt "
      "&& " +
      prepare + " && 7zz a " + words + " " + name + " a.txt b.bin map leeg.txt");
  EXPECT_EQ(outcome.code, 0) << outcome.said;
  return folder.read(name);
}

/// With octets behind it, before it or missing, it is in doubt.
void expect_locked(const std::string& file) {
  EXPECT_TRUE(is_locked(file));
  EXPECT_FALSE(is_locked("MZ stub" + file));
  EXPECT_FALSE(is_locked(file.substr(0, file.size() / 2)));
}

TEST(Locked, IsAZipWithAes) {
  NEED_PROGRAM("7zz");
  for (const auto* words :
       {"-tzip -mem=AES256 -pgeheim", "-tzip -mem=AES128 -pgeheim", "-tzip -mm=Copy -mem=AES256 -pgeheim"}) {
    const std::string zip = by_7zip("a.zip", words);
    expect_locked(zip);
    EXPECT_FALSE(is_locked(zip + "open")) << words;
  }
}

TEST(Locked, IsNoZipThatAnybodyOpens) {
  NEED_PROGRAM("7zz");
  EXPECT_FALSE(is_locked(by_7zip("a.zip", "-tzip")));
  EXPECT_FALSE(is_locked(by_7zip("a.zip", "-tzip -mem=ZipCrypto -pgeheim"))) << "ZipCrypto is broken";
  EXPECT_FALSE(is_locked(vector("zipcrypto.zip")));
}

TEST(Locked, IsNoZipWithOneOpenFile) {
  NEED_PROGRAM("7zz");
  EXPECT_FALSE(
      is_locked(by_7zip("a.zip", "-tzip -mem=AES256 -pgeheim", "echo open > o.txt && 7zz a -tzip a.zip o.txt")));
  EXPECT_FALSE(
      is_locked(by_7zip("b.zip", "-tzip", "echo dicht > d.txt && 7zz a -tzip -mem=AES256 -pgeheim b.zip d.txt")));
}

TEST(Locked, IsNoZipWithARemark) {
  NEED_PROGRAM("7zz");
  std::string zip = by_7zip("a.zip", "-tzip -mem=AES256 -pgeheim");
  zip[zip.size() - 2] = 5;
  EXPECT_FALSE(is_locked(zip + "open!"));
}

TEST(Locked, Is7zWithAPassword) {
  NEED_PROGRAM("7zz");
  for (const auto* words : {"-pgeheim", "-pgeheim -mhe=on", "-pgeheim -ms=off", "-pgeheim -mhc=off",
                            "-pgeheim -m0=Copy", "-pgeheim -m0=BCJ2 -m1=LZMA2"}) {
    SCOPED_TRACE(words);
    const std::string file = by_7zip("a.7z", words);
    expect_locked(file);
    EXPECT_FALSE(is_locked(file + "open"));
  }
}

TEST(Locked, IsNo7zThatAnybodyOpens) {
  NEED_PROGRAM("7zz");
  for (const auto* words : {"", "-mhc=off", "-m0=Copy", "-ms=off"})
    EXPECT_FALSE(is_locked(by_7zip("a.7z", words))) << words;
  EXPECT_FALSE(is_locked(by_7zip("a.7z", "-pgeheim", "echo open > o.txt && 7zz a a.7z o.txt"))) << "one stream is open";
  EXPECT_FALSE(is_locked(by_7zip("b.7z", "-pgeheim -mhe=on", "echo open > o.txt && 7zz a -m0=Copy b.7z o.txt")))
      << "its table is locked, one stream is open";
}

TEST(Locked, IsAPdfWithAes256) {
  for (const auto* name : {"aes256.pdf", "aes256-linear.pdf", "aes256-streams.pdf", "aes256-r5.pdf"}) {
    SCOPED_TRACE(name);
    EXPECT_TRUE(is_locked(vector(name)));
  }
}

TEST(Locked, IsNoPdfThatOpensWithoutAPasswordOrHasAWeakLock) {
  for (const auto* name : {"open.pdf", "owner-only.pdf", "metadata.pdf", "aes128.pdf", "rc4.pdf"}) {
    EXPECT_FALSE(is_locked(vector(name))) << name;
  }
}

TEST(Locked, IsNoPdfThatOnlyMentionsEncryption) {
  std::string pdf = vector("open.pdf");
  pdf.insert(pdf.find("stream\n") + 7, "/Encrypt 9 0 R /Filter /Standard ");
  EXPECT_FALSE(is_locked(pdf));
}

TEST(Locked, IsAnOfficeFileWithAPassword) { EXPECT_TRUE(is_locked(vector("locked.xlsx"))); }

TEST(Locked, IsNoOfficeFileWithThePasswordThatExcelKnows) { EXPECT_FALSE(is_locked(vector("velvet.xlsx"))); }

TEST(Locked, IsNoCompoundFileWithOtherThingsInIt) {
  std::string file = vector("locked.xlsx");
  const std::string_view name("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0", 20);
  ASSERT_TRUE(file.contains(name));
  file[file.find(name)] = 'O';
  EXPECT_FALSE(is_locked(file));
}

TEST(Locked, IsNeverBelievedByItsFirstOctets) {
  for (const std::string_view head : {std::string_view("PK\3\4"), std::string_view("7z\xBC\xAF\x27\x1C\0\4", 8),
                                      std::string_view("%PDF-2.0 /Encrypt"),
                                      std::string_view("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), std::string_view()}) {
    EXPECT_FALSE(is_locked(head));
    EXPECT_FALSE(is_locked(std::string(head) + std::string(5'000, '\0')));
    EXPECT_FALSE(is_locked(std::string(head) + std::string(5'000, '\xFF')));
  }
}

/// Whatever is cut off or changed: an answer, and no harm (asan looks on).
TEST(Locked, SurvivesDamage) {
  for (const auto* name : {"aes256.pdf", "aes256-streams.pdf", "zipcrypto.zip", "locked.xlsx"}) {
    const std::string whole = vector(name);
    for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 40) (void)is_locked(whole.substr(0, at));
    if (std::string_view(name).ends_with("xlsx")) continue;  // each one that opens costs 200,000 hashes
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 0x81);
      (void)is_locked(changed);
    }
  }
}

}  // namespace
}  // namespace zegel::seal
