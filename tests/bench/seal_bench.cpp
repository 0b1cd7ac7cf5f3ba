// Sealing with S/MIME and PGP on two threads, each beside the bare library in a loop in the same run.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <openssl/cms.h>
#include <openssl/pem.h>

#include "core/base64.h"
#include "mail/structure.h"
#include "many_keys.h"
#include "seal/keys.h"
#include "seal/pgp_engine.h"
#include "seal/pgp_ring.h"
#include "seal/pgp_sealer.h"
#include "seal/smime_sealer.h"

namespace {

using namespace zegel;
using Clock = std::chrono::steady_clock;

constexpr int threads = 2;
double at_least = 2.0;

void shell(const std::string& command) {
  if (std::system(("{ " + command + "; } >/dev/null 2>&1").c_str()) != 0) throw std::runtime_error(command);
}

/// Times a second that `once` can be done by two threads.
double rate_for(const std::function<void()>& once, double period) {
  std::atomic<long> done = 0;
  const auto start = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  std::vector<std::jthread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      do {
        once();
        ++done;
      } while (elapsed() < period);
    });
  }
  workers.clear();
  return static_cast<double>(done) / elapsed();
}

/// Each its best of five turns, taken in turn: so that what else the machine does weighs on all alike.
std::vector<double> rates(const std::vector<std::function<void()>>& all) {
  constexpr int turns = 5;
  std::vector<double> best(all.size());
  for (const auto& once : all) once();
  for (int turn = 0; turn < turns; ++turn) {
    for (std::size_t i = 0; i < all.size(); ++i) best[i] = std::max(best[i], rate_for(all[i], at_least / turns));
  }
  return best;
}

std::string message_of(std::size_t size) {
  std::string bytes =
      "From: piet@kantoor.nl\r\nTo: jan@klant.nl\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
      "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  std::string line;
  for (std::size_t i = 0; bytes.size() < size; ++i) {
    line.clear();
    for (int j = 0; j < 57; ++j) line += static_cast<char>((i * 57 + static_cast<std::size_t>(j)) * 2654435761U >> 13);
    bytes += base64::encode_lines(line);
  }
  return bytes;
}

/// CMS_encrypt and base64 as a program would do it that did nothing else.
std::string bare_cms(X509* certificate, std::string_view bytes) {
  STACK_OF(X509)* to = sk_X509_new_null();
  sk_X509_push(to, certificate);
  BIO* in = BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()));
  CMS_ContentInfo* cms = CMS_encrypt(to, in, EVP_aes_256_cbc(), CMS_BINARY);
  unsigned char* der = nullptr;
  const int size = i2d_CMS_ContentInfo(cms, &der);
  std::string out(static_cast<std::size_t>(size) / 3 * 4 + 8, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), der, size);
  OPENSSL_free(der);
  CMS_ContentInfo_free(cms);
  BIO_free(in);
  sk_X509_free(to);
  return out;
}

struct Bench {
  std::string dir;
  std::string smime = dir + "/smime";
  std::string fingerprint_rsa, fingerprint_curve;

  explicit Bench(std::string where) : dir(std::move(where)) {
    std::filesystem::create_directories(smime);
    shell("openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=jan -keyout " + dir + "/jan.key -out " + smime +
          "/jan.pem -addext subjectAltName=email:jan@klant.nl -addext extendedKeyUsage=emailProtection");
    shell("mkdir -m 700 " + dir + "/own && gpg --homedir " + dir +
          "/own --batch --passphrase '' --quick-gen-key rsa@klant.nl rsa2048 cert,sign,encr");
    shell("gpg --homedir " + dir + "/own --export > " + dir + "/rsa.key && gpgconf --homedir " + dir +
          "/own --kill gpg-agent");
  }
  ~Bench() {
    for (const int size : {1, 1'000, 10'000}) {
      const std::string home = dir + "/ring" + std::to_string(size);
      if (std::filesystem::exists(home)) shell("gpgconf --homedir " + home + " --kill gpg-agent || true");
    }
    std::filesystem::remove_all(dir);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  /// A ring of `size` strangers' keys, and rsa@klant.nl (with its secret key) and curve@klant.nl.
  std::string ring(int size) const {
    const std::string home = dir + "/ring" + std::to_string(size);
    std::filesystem::create_directories(home);
    std::filesystem::permissions(home, std::filesystem::perms(0700));
    std::ofstream out(home + "/pubring.gpg", std::ios::binary);
    for (int i = 0; i < size; ++i)
      out << bench::KeyMaker::make("x" + std::to_string(i) + "@ver.nl", 1'700'000'000U + static_cast<unsigned>(i),
                                   true);
    out << std::ifstream(dir + "/rsa.key", std::ios::binary).rdbuf()
        << bench::KeyMaker::make("curve@klant.nl", 1'700'000'000, true);
    shell("cp -r " + dir + "/own/private-keys-v1.d " + home);
    return home;
  }
};

void must(bool good, const std::string& why) {
  if (!good) throw std::runtime_error(why);
}

std::string key_of(const seal::Keys& keys, std::string_view address, Method method) {
  const auto mailbox = mail::parse_mailbox(address).value();
  const auto found = method == Method::smime ? keys.certificates(mailbox, now()) : keys.pgp_keys(mailbox, now());
  must(!found.empty() && found[0].usable, std::string(address) + ": " + (found.empty() ? "no key" : found[0].why_not));
  return found[0].fingerprint;
}

void row(const char* what, const char* size, double ours, double bare, const char* beside) {
  std::printf("%-34s %6s %10.0f %10.0f %7.0f %%  %s\n", what, size, ours, bare, 100 * ours / bare, beside);
  std::fflush(stdout);
}

struct Size {
  const char* name;
  std::size_t octets;
};
constexpr Size sizes[] = {{"10 KB", 10'000}, {"1 MB", 1'000'000}, {"10 MB", 10'000'000}};

void bench_smime(const Bench& bench) {
  std::vector<std::string> problems;
  const auto keys = seal::Keys::load({bench.smime, "", "", ""}, now(), problems);
  const std::vector<std::string> prints{key_of(*keys, "jan@klant.nl", Method::smime)};
  FILE* file = std::fopen((bench.smime + "/jan.pem").c_str(), "r");
  X509* certificate = PEM_read_X509(file, nullptr, nullptr, nullptr);
  std::fclose(file);
  for (const Size& size : sizes) {
    const mail::Message message(message_of(size.octets));
    const mail::Structure structure = mail::scan(message);
    const seal::SmimeSealer sealer(*keys);
    const auto found =
        rates({[&] {
                 must(sealer.seal(message, structure, {prints, nullptr, Cipher::aes256_cbc, {}, now()}).has_value(),
                      "S/MIME");
               },
               [&] { bare_cms(certificate, message.bytes()); }});
    row("S/MIME, RSA-2048", size.name, found[0], found[1], "CMS_encrypt + base64");
  }
  X509_free(certificate);
}

void bench_pgp(const Bench& bench, const char* name, std::string_view address) {
  const std::string home = bench.ring(1);
  std::vector<std::string> problems;
  const auto keys = seal::Keys::load({"", "", "", home}, now(), problems);
  const auto ring = seal::PgpRing::read(home, problems);
  const std::vector<std::string> prints{key_of(*keys, address, Method::pgp)};
  const auto fast = seal::make_fast_engine(home);
  const auto plain = seal::make_plain_engine(home);
  for (const Size& size : sizes) {
    const mail::Message message(message_of(size.octets));
    const mail::Structure structure = mail::scan(message);
    const auto through = [&](seal::PgpEngine& engine) {
      return [&] {
        must(seal::PgpSealer(*keys, engine).seal(message, structure, {prints, nullptr, {}, now()}).has_value(), "PGP");
      };
    };
    const seal::PgpJob job{{message.bytes()}, {ring.by_fingerprint(prints[0])}};
    const auto found = rates({through(*fast), [&] { must(fast->encrypt(job).has_value(), "gpg"); }, through(*plain)});
    row(name, size.name, found[0], found[1], "the kept gpg in a loop");
    row(name, size.name, found[0], found[2], "a gpg per message (GPGME)");
  }
}

/// A ring in memory, and who in it gets mail.
struct Ring {
  int size;
  double load = 0;
  std::shared_ptr<const seal::Keys> keys;
  std::shared_ptr<seal::PgpEngine> engine;
  std::vector<std::vector<std::string>> prints;
  std::atomic<unsigned> next = 0;

  Ring(const Bench& bench, int keys_in_it) : size(keys_in_it) {
    constexpr int recipients = 100;
    const std::string home = bench.ring(size);
    const auto start = Clock::now();
    std::vector<std::string> problems;
    keys = seal::Keys::load({"", "", "", home}, now(), problems);
    load = std::chrono::duration<double>(Clock::now() - start).count();
    engine = seal::make_fast_engine(home);
    for (int i = 0; i < recipients; ++i) {
      prints.push_back({key_of(*keys, "x" + std::to_string(i * size / recipients) + "@ver.nl", Method::pgp)});
    }
  }
};

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

struct Compared {
  double rate;   ///< median
  double ratio;  ///< to the first: median of the rounds' ratios, so that what else the machine does cancels out
};

/// Short slices in turn, round after round, each round beginning with another.
std::vector<Compared> compared(const std::vector<std::function<void()>>& all) {
  const int rounds = at_least < 1 ? 9 : 41;
  constexpr double slice = 0.1;
  std::vector<std::vector<double>> found(all.size());
  for (const auto& once : all) once();
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> rates(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::size_t turn = (i + static_cast<std::size_t>(round)) % all.size();
      rates[turn] = rate_for(all[turn], slice);
    }
    for (std::size_t i = 0; i < all.size(); ++i) found[i].push_back(rates[i]);
  }
  std::vector<Compared> compared;
  for (const auto& rates : found) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < rates.size(); ++i) ratios.push_back(rates[i] / found[0][i]);
    compared.push_back({median(rates), median(ratios)});
  }
  return compared;
}

void rows_of_rings(const char* what, const std::vector<std::unique_ptr<Ring>>& rings,
                   const std::function<void(Ring&)>& once, const char* remark) {
  std::vector<std::function<void()>> all;
  for (const auto& ring : rings) all.emplace_back([&once, &ring = *ring] { once(ring); });
  const auto found = compared(all);
  for (std::size_t i = 0; i < rings.size(); ++i) {
    std::printf("%-27s %6d %6s %10.0f %19.1f %%  of a ring of 1; %s\n", what, rings[i]->size, "10 KB", found[i].rate,
                100 * found[i].ratio, remark);
    std::fflush(stdout);
  }
}

void bench_rings(const Bench& bench) {
  const mail::Message message(message_of(10'000));
  const mail::Structure structure = mail::scan(message);
  const mail::Mailbox sender = mail::parse_mailbox("rsa@klant.nl").value();
  std::vector<std::unique_ptr<Ring>> rings;
  for (const int size : {1, 1'000, 10'000}) {
    rings.push_back(std::make_unique<Ring>(bench, size));
    std::printf("%-27s %6d %6s loaded in %.2f s\n", "PGP, ring of keys", size, "", rings.back()->load);
  }
  const auto seal = [&](Ring& ring, const std::vector<std::string>& to, const mail::Mailbox* signer) {
    must(seal::PgpSealer(*ring.keys, *ring.engine).seal(message, structure, {to, signer, {}, now()}).has_value(),
         "PGP");
  };
  rows_of_rings("PGP, ring of keys", rings, [&](Ring& ring) { seal(ring, ring.prints[0], nullptr); }, "one recipient");
  rows_of_rings(
      "PGP, ring of keys", rings,
      [&](Ring& ring) { seal(ring, ring.prints[ring.next++ % ring.prints.size()], nullptr); },
      "100 recipients in turn, where there are as many");
  rows_of_rings(
      "PGP signed, ring of keys", rings, [&](Ring& ring) { seal(ring, ring.prints[0], &sender); },
      "a gpg per message, as a kept one cannot sign");
}

void bench_commands(const Bench& bench) {
  std::ofstream(bench.dir + "/m", std::ios::binary) << message_of(10'000);
  const auto found =
      rates({[&] {
               shell("openssl cms -encrypt -aes256 -in " + bench.dir + "/m -out /dev/null " + bench.smime + "/jan.pem");
             },
             [&] {
               shell("gpg --homedir " + bench.dir +
                     "/own --batch --trust-model always -r rsa@klant.nl --armor -o - -e " + bench.dir + "/m");
             }});
  std::printf("%-34s %6s %10.0f\n%-34s %6s %10.0f\n", "command `openssl cms` per message", "10 KB", found[0],
              "command `gpg` per message", "10 KB", found[1]);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--quick") == 0) at_least = 0.4;
  std::string dir = (std::filesystem::temp_directory_path() / "zegel-bench-XXXXXX").string();
  if (::mkdtemp(dir.data()) == nullptr) return 1;
  const Bench bench(dir);
  std::printf("%-34s %6s %10s %10s %9s\n", "two sealing threads", "", "ours/s", "beside/s", "ratio");
  bench_smime(bench);
  bench_pgp(bench, "PGP, RSA-2048", "rsa@klant.nl");
  bench_pgp(bench, "PGP, Curve25519", "curve@klant.nl");
  bench_rings(bench);
  bench_commands(bench);
}
