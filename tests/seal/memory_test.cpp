// How much memory sealing takes beside the message itself.
#include <fstream>

#include <gtest/gtest.h>

#include "seal/certificate_office.h"
#include "seal/pgp_fixture.h"
#include "seal/smime_sealer.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ZEGEL_SHADOWED 1
#endif
#endif

namespace zegel::seal {
namespace {

constexpr std::size_t message_size = std::size_t{30} << 20;

std::size_t kilobytes(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::stoul(line.substr(name.size() + 1));
  }
  return 0;
}

/// By how many octets this process grew at most while `work` ran.
template <class Work>
std::size_t growth(const Work& work) {
  std::ofstream("/proc/self/clear_refs") << "5";  // proc(5): the peak begins anew
  const std::size_t before = kilobytes("VmRSS:");
  work();
  return (kilobytes("VmHWM:") - before) * 1024;
}

class Memory : public test::Pgp {
 protected:
  static std::string large_mail() {
    std::string bytes = test::office_mail();
    const std::string line = std::string(76, 'x') + "\r\n";
    while (bytes.size() < message_size) bytes += line;
    return bytes + "--b1--\r\n";
  }
};

TEST_F(Memory, OfSealingIsAtMostThreeTimesTheMessage) {
#ifdef ZEGEL_SHADOWED
  GTEST_SKIP() << "skipped, because a sanitizer keeps what is freed";
#endif
  test::CertificateOffice certificates(other_);
  const std::string certificate = import(test::read(certificates.issue("jan", "email:jan@klant.nl")))[0].fingerprint;
  const std::string key = office_.make("Jan <jan@klant.nl>");
  ASSERT_TRUE(import(office_.exported(key))[0].ok);
  const auto keys = load();
  const mail::Message message(large_mail());
  const mail::Structure structure = mail::scan(message);
  const std::vector smime{certificate};
  const std::size_t by_smime = growth([&] {
    EXPECT_TRUE(SmimeSealer(*keys).seal(message, structure, {smime, nullptr, Cipher::aes256_cbc, {}, now()}));
  });
  EXPECT_LE(by_smime, 2 * message.bytes().size());  // and the message: three
  // gpg's input and output are files in memory, which do not show here: the input is gone when the output is read, and
  // the output when it is armoured.
  const auto engine = make_pgp_engine(folder_ / "gnupg");
  const std::vector pgp{key};
  const std::size_t by_pgp =
      growth([&] { EXPECT_TRUE(PgpSealer(*keys, *engine).seal(message, structure, {pgp, nullptr, {}, now()})); });
  EXPECT_LE(by_pgp, 3 * message.bytes().size());
}

}  // namespace
}  // namespace zegel::seal
