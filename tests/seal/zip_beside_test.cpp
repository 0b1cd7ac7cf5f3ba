#include <gtest/gtest.h>

#include "seal/zip_sealer.h"
#include "zip_mail.h"

/// Attachments that are locked already: in with the rest, or beside the zip.
namespace zegel::seal {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): what these tests are written in
using zegel::test::shows;
using zegel::test::vector;

/// Two files, one of them locked already, and what is done with it.
std::string with_a_locked_one(Locked locked, Method method = Method::zip_attachments) {
  const std::string pdf = vector("aes256.pdf");
  const auto original = message(multipart("mixed",
                                          {plain, file("attachment; filename=ontslag.pdf", canary),
                                           file("attachment; filename*=utf-8''al%20dicht%C3%A9.pdf", pdf)},
                                          "mix"));
  const Secret password{std::string(word)};
  const auto result = ZipSealer::seal(
      original, mail::scan(original),
      {.method = method, .password = password, .reference = "7K3QX9M2TB", .phone = "112", .locked = locked});
  EXPECT_TRUE(result);
  return result ? std::string(result->bytes()) : std::string();
}

TEST(ZipBeside, PutsWhatIsLockedAlreadyInWithTheRest) {
  NEED_PROGRAM("7zz");
  const Seen seen(with_a_locked_one(Locked::inside));
  ASSERT_EQ(seen.leaves.size(), 3);
  EXPECT_FALSE(seen.text(1).contains("los bijgevoegd"));
  const Folder folder;
  open(folder, seen);
  EXPECT_EQ(folder.read("out/al dichté.pdf"), vector("aes256.pdf"));
  EXPECT_EQ(folder.count("out"), 3);
}

TEST(ZipBeside, LeavesWhatIsLockedAlreadyBesideTheZipWhereTheRuleSaysSo) {
  NEED_PROGRAM("7zz");
  const std::string out = with_a_locked_one(Locked::beside);
  EXPECT_FALSE(shows(out, canary));
  const Seen seen(out);
  ASSERT_EQ(seen.leaves.size(), 4);
  EXPECT_TRUE(seen.text(1).contains("\nBestanden die al een eigen wachtwoord hadden, zijn los bijgevoegd.\r\n"))
      << seen.text(1);
  EXPECT_EQ(seen.leaves[3]->disposition, "attachment");
  EXPECT_EQ(seen.text(3), vector("aes256.pdf"));
  const auto content = mail::sort_content(seen.whole, seen.structure);
  EXPECT_EQ(content.attachments.back().name, "al dichté.pdf");
  const Folder folder;
  folder.write("zip.zip", seen.text(2));
  ASSERT_EQ(folder.run(by_7zip).code, 0);
  EXPECT_EQ(folder.read("out/ontslag.pdf"), canary);
  EXPECT_EQ(folder.count("out"), 2);
}

TEST(ZipBeside, LocksTheWholeUnderZipWhateverIsLockedAlready) {
  EXPECT_EQ(Seen(with_a_locked_one(Locked::beside, Method::zip)).leaves.size(), 2);
}

TEST(ZipBeside, NeverLeavesBesideWhatOnlyCallsItselfLocked) {
  const auto original = message(multipart("mixed",
                                          {plain, file("attachment; filename=ontslag-encrypted.7z", canary),
                                           file("attachment; filename=b.pdf", vector("owner-only.pdf")),
                                           file("attachment; filename=c.zip", vector("zipcrypto.zip"))},
                                          "mix"));
  EXPECT_FALSE(ZipSealer::all_locked_already(original, mail::scan(original)));
  const Secret password{std::string(word)};
  const auto result = ZipSealer::seal(original, mail::scan(original),
                                      {.password = password, .reference = "R", .phone = "", .locked = Locked::beside});
  ASSERT_TRUE(result);
  EXPECT_EQ(Seen(std::string(result->bytes())).leaves.size(), 3);
}

TEST(ZipBeside, FindsNothingToLockWhereEverythingIsLockedAlready) {
  const std::string pdf = file("attachment; filename=a.pdf", vector("aes256.pdf"));
  const std::string body = multipart("mixed", {plain, pdf}, "mix");
  const auto original = message(body);
  EXPECT_TRUE(ZipSealer::all_locked_already(original, mail::scan(original)));
  const auto unlocked = message(multipart("mixed", {plain, pdf, file("attachment; filename=b.pdf", canary)}, "mix"));
  EXPECT_FALSE(ZipSealer::all_locked_already(unlocked, mail::scan(unlocked)));
  const auto signed_one =
      message(multipart("signed", {body, leaf("Content-Type: application/pgp-signature\r\n", "x\r\n")}, "sig"));
  EXPECT_FALSE(ZipSealer::all_locked_already(signed_one, mail::scan(signed_one))) << "goes in as a whole";
}

}  // namespace
}  // namespace zegel::seal
