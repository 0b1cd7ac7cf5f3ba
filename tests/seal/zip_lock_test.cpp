#include <gtest/gtest.h>

#include "core/digest.h"
#include "core/random.h"
#include "core/text.h"
#include "other_tools.h"
#include "seal/winzip_aes.h"
#include "seal/zip.h"
#include "seal/zip_pack.h"

namespace zegel::seal {
namespace {

using test::Folder;
using test::shows;

constexpr std::string_view inner = "bijlagen-inhoud.zip";
constexpr std::string_view padding = "opvulling.bin";
constexpr std::string_view word = "bakker-olifant-gordijn-lepel-kasteel-wolken";
constexpr std::string_view canary = "Kanarie-4711-Vertrouwelijk";

Secret password() { return Secret(std::string(word)); }

std::string text_of(std::size_t size) {
  std::string text;
  while (text.size() < size) text += std::string(canary) + " regel " + std::to_string(text.size()) + "\n";
  text.resize(size);
  return text;
}

std::string locked(const std::vector<ZipFile>& files) {
  auto zip = lock_in_zip(files, inner, padding, password());
  EXPECT_TRUE(zip) << zip.error().why;
  return zip.value_or("");
}

/// Locks the files, lets `command` unpack both zips (out of zip.zip into the folder `out`) and compares.
void expect_same(const std::vector<ZipFile>& files, const std::string& command) {
  const Folder folder;
  folder.write("zip.zip", locked(files));
  const auto outcome = folder.run("mkdir out; " + command);
  ASSERT_EQ(outcome.code, 0) << outcome.said;
  for (const auto& file : files) EXPECT_EQ(sha256(folder.read("out/" + file.name)), sha256(file.bytes)) << file.name;
  EXPECT_EQ(folder.count("out"), files.size() + 1);
}

const std::string by_7zip = "7zz x -y -p" + std::string(word) + " zip.zip && 7zz x -y -oout bijlagen-inhoud.zip";
const std::string by_bsdtar =
    "bsdtar -x --passphrase " + std::string(word) + " -f zip.zip && bsdtar -x -C out -f bijlagen-inhoud.zip";

/// What people send, made safe as mail::sort_content makes it.
std::vector<ZipFile> files_as_sent(std::string_view text, std::string_view noise) {
  return {{"dossier é.pdf", noise},
          {"offerte 🙂.docx", text},
          {"ontvangst.txt", text},
          {"ontvangst (2).txt", noise},
          {"leeg.txt", ""},
          {"日本語.txt", "x"},
          {std::string(112, 'n') + ".pdf", text}};
}

TEST(ZipLock, OpensIn7Zip) {
  NEED_PROGRAM("7zz");
  const std::string text = text_of(90'000);
  const std::string noise = random_bytes(700'000);
  expect_same(files_as_sent(text, noise), by_7zip);
}

TEST(ZipLock, OpensInBsdtar) {
  NEED_PROGRAM("bsdtar");
  const std::string text = text_of(90'000);
  const std::string noise = random_bytes(700'000);
  expect_same(files_as_sent(text, noise), by_bsdtar);
}

TEST(ZipLock, OpensInPython) {
  NEED_PROGRAM("python3");
  const std::string text = text_of(50'000);
  const std::string noise = random_bytes(70'001);
  const auto files = files_as_sent(text, noise);
  const Folder folder;
  folder.write("zip.zip", locked(files));
  const auto outcome = folder.run("python3 " ZEGEL_SOURCE_DIR "/tests/seal/read_zip.py zip.zip " + std::string(word));
  ASSERT_EQ(outcome.code, 0) << outcome.said;
  for (const auto& file : files) {
    EXPECT_TRUE(outcome.said.contains(text::hex(sha256(file.bytes)) + "  " + file.name + "\n")) << outcome.said;
  }
}

TEST(ZipLock, IsRefusedByUnzipWhichKnowsNoAes) {
  NEED_PROGRAM("unzip");
  const Folder folder;
  folder.write("zip.zip", locked({{"a.txt", "a"}}));
  const auto outcome = folder.run("unzip -P " + std::string(word) + " zip.zip");
  EXPECT_EQ(outcome.code, 81) << outcome.said;  // compression method that it cannot do
  EXPECT_TRUE(outcome.said.contains("need PK compat. v5.1")) << outcome.said;
}

TEST(ZipLock, ShowsOneNeutralEntryWithoutThePassword) {
  NEED_PROGRAM("7zz");
  const Folder folder;
  folder.write("zip.zip", locked({{"ontslag jansen.pdf", "x"}, {"salaris.xls", "y"}}));
  const auto outcome = folder.run("7zz l -slt zip.zip");
  ASSERT_EQ(outcome.code, 0) << outcome.said;
  EXPECT_TRUE(outcome.said.contains("\nPath = bijlagen-inhoud.zip\n")) << outcome.said;
  EXPECT_TRUE(outcome.said.contains("\nMethod = AES-256 Store\n")) << outcome.said;
  EXPECT_TRUE(outcome.said.contains("\nEncrypted = +\n")) << outcome.said;
  EXPECT_TRUE(outcome.said.contains("\nModified = 1980-01-01 00:00:00")) << outcome.said;
  EXPECT_EQ(outcome.said.find("Path = bijlagen-inhoud.zip"), outcome.said.rfind("Path = ")) << outcome.said;
  EXPECT_FALSE(outcome.said.contains("jansen") || outcome.said.contains("salaris"));
}

TEST(ZipLock, LetsNoOctetOfTheFilesThrough) {
  const std::string text = text_of(20'000);
  const std::string noise = random_bytes(5'000);
  const std::string zip = locked({{"kanarie-naam-4711.txt", text}, {"stored.bin", noise}});
  EXPECT_FALSE(shows(zip, canary));
  EXPECT_FALSE(shows(zip, "kanarie-naam-4711.txt"));
  EXPECT_FALSE(shows(zip, std::string_view(noise).substr(100, 24)));
  EXPECT_FALSE(shows(zip, word));
  // Neither what deflate would make of it: the inner zip's first octets after its name
  const auto packed = pack_files({{"kanarie-naam-4711.txt", text}}, padding, 0);
  ASSERT_TRUE(packed);
  EXPECT_FALSE(zip.contains(packed->substr(30 + 21, 16)));
  EXPECT_TRUE(packed->contains(packed->substr(30 + 21, 16))) << "the canary itself can be found";
  EXPECT_FALSE(zip.substr(4).contains(std::string_view("PK\3\4", 4))) << "the inner zip's header";
}

TEST(ZipLock, IsAnotherZipEachTime) {
  const auto first = locked({{"a.txt", "hetzelfde"}});
  const auto second = locked({{"a.txt", "hetzelfde"}});
  ASSERT_EQ(first.size(), second.size());
  std::size_t alike = 0;
  const std::size_t header = room_for_entry(inner);
  EXPECT_NE(first.substr(14, 4), second.substr(14, 4)) << "the CRC, which covers the padding too";
  for (std::size_t i = header; i < header + 4'000; ++i) alike += first[i] == second[i] ? 1 : 0;
  EXPECT_LT(alike, 100);  // one in 256 by chance
}

TEST(ZipLock, FailsWithAnotherPassword) {
  NEED_PROGRAM("7zz");
  const Folder folder;
  folder.write("zip.zip", locked({{"a.txt", "a"}}));
  EXPECT_NE(folder.run("7zz t -pverkeerd zip.zip").code, 0);
  const auto verdict = check_locked(folder.read("zip.zip"), {{"a.txt", "a"}}, inner, padding, Secret("verkeerd"));
  EXPECT_FALSE(verdict);
}

TEST(ZipLock, TakesNoEmptyPassword) { EXPECT_FALSE(lock_in_zip({{"a.txt", "a"}}, inner, padding, Secret())); }

TEST(ZipLock, TakesNoTwoFilesOfOneName) {
  EXPECT_FALSE(lock_in_zip({{"a.txt", "a"}, {"a.txt", "b"}}, inner, padding, password()));
}

TEST(ZipLock, PacksArchivesUnopened) {
  NEED_PROGRAM("7zz");
  const Folder folder;
  ASSERT_EQ(folder
                .run("head -c 30000000 /dev/zero > nul && 7zz a -tzip bom.zip nul && rm nul && "
                     "echo geheim > g && 7zz a -pgeheim -mhe=on slot.7z g && "
                     "7zz a -tzip -mem=AES256 -pgeheim slot.zip g")
                .code,
            0);
  const std::string bomb = folder.read("bom.zip");
  const std::string seven = folder.read("slot.7z");
  const std::string encrypted = folder.read("slot.zip");
  expect_same({{"bom.zip", bomb}, {"slot.7z", seven}, {"slot.zip", encrypted}}, by_7zip);
}

TEST(ZipLock, HidesTheSize) {
  EXPECT_EQ(padded_size(1), 4'096);
  EXPECT_EQ(padded_size(4'097), 8'192);
  EXPECT_EQ(padded_size(65'536), 65'536);
  EXPECT_EQ(padded_size(65'537), 81'920);
  EXPECT_EQ(padded_size(1'048'577), 1'114'112);
  for (const std::size_t size : {0U, 1U, 3'000U, 3'900U, 4'000U, 60'000U, 65'000U, 100'000U, 1'048'000U, 2'000'003U}) {
    const std::string noise = random_bytes(size);
    const auto packed = pack_files({{"é.bin", noise}}, padding, 0);
    ASSERT_TRUE(packed);
    EXPECT_EQ(packed->size(), padded_size(packed->size())) << size;
  }
}

TEST(ZipLock, PacksAnyNumberOfFiles) {
  std::vector<ZipFile> files;
  files.reserve(300);
  for (int i = 0; i < 300; ++i) files.push_back({"bijlage " + std::to_string(i) + ".txt", canary});
  EXPECT_FALSE(locked(files).empty());
  EXPECT_FALSE(lock_in_zip({}, inner, padding, password())) << "nothing to lock";
}

TEST(ZipLock, NoticesWhatDoesNotComeBackTheSame) {
  const std::string noise = random_bytes(400'000);
  const std::vector<ZipFile> files = {{"a.txt", canary}, {"b.bin", noise}};
  const std::string zip = locked(files);
  ASSERT_TRUE(check_locked(zip, files, inner, padding, password()));
  const std::size_t data = room_for_entry(inner) - winzip_aes::before;
  for (std::size_t at = data; at < data + 400'000; at += 7'919) {
    std::string changed = zip;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(check_locked(changed, files, inner, padding, password())) << at;
  }
  std::string other = noise;
  other[390'000] = static_cast<char>(other[390'000] ^ 1);
  EXPECT_FALSE(check_locked(zip, {{"a.txt", canary}, {"b.bin", other}}, inner, padding, password()));
  EXPECT_FALSE(check_locked(zip, {{"a.txt", canary}}, inner, padding, password()));
  EXPECT_FALSE(check_locked(zip, {{"a.txt", canary}, {"c.bin", noise}}, inner, padding, password()));
  EXPECT_FALSE(check_locked(zip, files, "ander.zip", padding, password()));
  EXPECT_FALSE(check_locked(zip.substr(0, zip.size() - 1), files, inner, padding, password()));
}

TEST(ZipLock, DeflatesOnlyWhatCompresses) {
  EXPECT_TRUE(compresses(text_of(100'000)));
  EXPECT_TRUE(compresses(""));
  EXPECT_TRUE(compresses(base64::encode(random_bytes(30'000))));
  EXPECT_FALSE(compresses(random_bytes(100'000)));
  EXPECT_TRUE(compresses(random_bytes(4'096) + text_of(500'000)));
}

std::string plain(winzip_aes::Reader& reader) {
  std::string bytes(reader.size(), '\0');
  reader.read(0, bytes.data(), bytes.size());
  return bytes;
}

TEST(WinzipAes, ReadsWhat7ZipWrote) {
  NEED_PROGRAM("7zz");
  const Folder folder;
  const std::string bytes = random_bytes(12'345);
  folder.write("a.bin", bytes);
  ASSERT_EQ(folder.run("7zz a -tzip -mm=Copy -mem=AES256 -p" + std::string(word) + " a.zip a.bin").code, 0);
  const std::string zip = folder.read("a.zip");
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(zip[i])); };
  const std::size_t begin = 30 + at(26) + 256 * at(27) + at(28) + 256 * at(29);
  const std::string entry = zip.substr(begin, bytes.size() + winzip_aes::overhead);
  auto reader = winzip_aes::Reader::open(entry, password());
  ASSERT_TRUE(reader) << reader.error().why;
  EXPECT_EQ(plain(*reader), bytes);
  std::string middle(1'000, '\0');
  for (const std::size_t from : {0U, 1U, 15U, 16U, 4'095U, 4'096U, 11'345U}) {
    reader->read(from, middle.data(), middle.size());
    EXPECT_EQ(middle, bytes.substr(from, middle.size())) << from;
  }
}

TEST(WinzipAes, RefusesAChangedEntryAnywhere) {
  std::string data =
      std::string(winzip_aes::before, '\0') + std::string(canary) + std::string(winzip_aes::mac_size, '\0');
  winzip_aes::lock(data, winzip_aes::before, winzip_aes::before + canary.size(), password());
  auto reader = winzip_aes::Reader::open(data, password());
  ASSERT_TRUE(reader);
  ASSERT_EQ(plain(*reader), canary);
  for (std::size_t i = 0; i < data.size(); ++i) {
    std::string changed = data;
    changed[i] = static_cast<char>(changed[i] ^ 0x80);
    EXPECT_FALSE(winzip_aes::Reader::open(changed, password())) << i;
  }
  data.resize(winzip_aes::overhead - 1);
  EXPECT_FALSE(winzip_aes::Reader::open(data, password()));
}

}  // namespace
}  // namespace zegel::seal
