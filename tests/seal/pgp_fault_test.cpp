// What may go wrong with gpg. The message is sealed all the same or deferred: never clear, never lost.
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

#include "mail/content.h"
#include "seal/armor.h"
#include "seal/pgp_fixture.h"

namespace zegel::seal {
namespace {

using test::body_canary;
using test::expect_no_canary;
using test::mailbox;
using test::office_mail;
using test::read;
using test::run;
using test::write;

/// Jan's key is in the ring.
class PgpFaults : public test::Pgp {
 protected:
  PgpFaults() {
    jan_ = office_.make("Jan <jan@klant.nl>");
    EXPECT_TRUE(import(office_.exported(jan_))[0].ok);
    keys_ = load();
  }

  /// A program in gpg's place.
  std::string program(const std::string& script) {
    const std::string path = folder_ / "bad-gpg";
    write(path, "#!/bin/sh\n" + script + "\n");
    run("chmod 700 " + path);
    return path;
  }

  std::expected<Sealed, SealFailure> seal_by(PgpEngine& engine, const mail::Mailbox* signer = nullptr) {
    const mail::Message message(office_mail());
    const std::vector prints{jan_};
    return PgpSealer(*keys_, engine).seal(message, mail::scan(message), {prints, signer, {}, now()});
  }

  void expect_sealed(const std::expected<Sealed, SealFailure>& sealed, const std::string& what) {
    ASSERT_TRUE(sealed) << what << ": " << sealed.error().error.why;
    expect_no_canary(sealed->bytes());
    write(folder_ / "sealed.eml", sealed->bytes());
    EXPECT_TRUE(office_.gpg("--decrypt " + (folder_ / "sealed.eml")).output.contains(body_canary)) << what;
  }

  static void expect_deferred(const std::expected<Sealed, SealFailure>& sealed, const std::string& what) {
    ASSERT_FALSE(sealed) << what;
    EXPECT_TRUE(sealed.error().temporary) << what << ": " << sealed.error().error.why;
    EXPECT_FALSE(sealed.error().error.why.contains("CANARY")) << what;
  }

  /// The binary OpenPGP message in what a sound engine seals.
  std::string binary() {
    const auto sealed = seal_by(*make_plain_engine(folder_ / "gnupg"));
    const mail::Message message{std::string(sealed->bytes())};
    return pgp::dearmor(mail::decode(message, mail::scan(message).parts().at(2)).value(), "MESSAGE").value();
  }

  std::string jan_;
  std::shared_ptr<const Keys> keys_;
};

TEST_F(PgpFaults, AKeptGpgThatMisbehavesCostsNoMessage) {
  for (const std::string& script :
       {std::string("exit 1"), std::string("kill -9 $$"), std::string("sleep 60"), std::string("echo OK >&3; sleep 60"),
        std::string("echo ERR 1 no >&3"), std::string("while :; do echo S nonsense >&3; done")}) {
    const auto engine = make_fast_engine(folder_ / "gnupg", {1, program(script)});
    expect_sealed(seal_by(*engine), script);
  }
}

/// Each answers OK and leaves behind what must not leave.
TEST_F(PgpFaults, AKeptGpgThatMakesSomethingElseIsNotBelieved) {
  const std::string els = office_.make("Els <els@klant.nl>", "rsa2048", "rsa2048");
  write(folder_ / "fakes/good", binary());
  write(folder_ / "text", office_mail());
  const auto made = office_.gpg("-o " + (folder_ / "fakes/stranger") + " -r " + jan_ + " -r " + els + " --encrypt " +
                                (folder_ / "text"));
  ASSERT_EQ(made.exit, 0) << made.output;
  const std::string fake = ZEGEL_SOURCE_DIR "/tests/seal/fake_gpg_server.py";
  for (const std::string mode : {"clear", "literal", "none", "half", "keys-only", "without-mdc", "canary-behind",
                                 "stranger", "twice", "garbage", "dies", "hangs"}) {
    const std::string path = folder_ / ("fakes/fake-" + mode);
    run("cp " + fake + " " + path + "; chmod 700 " + path);
    std::filesystem::remove_all(folder_ / "gnupg/recipients");
    const auto engine = make_fast_engine(folder_ / "gnupg", {mode == "hangs" ? 1U : 20U, path});
    expect_sealed(seal_by(*engine), mode);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "gnupg/recipients")) << mode << ": the other engine did not make it";
  }
}

/// The processes whose parent we are.
std::vector<pid_t> children() {
  std::vector<pid_t> all;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string status = read("/proc/" + name + "/stat");  // pid (name) state parent
    const std::size_t close = status.rfind(')');
    if (close != std::string::npos && status.substr(close + 4).starts_with(std::to_string(::getpid()) + " ")) {
      all.push_back(std::stoi(name));
    }
  }
  return all;
}

TEST_F(PgpFaults, AKeptGpgThatIsKilledBetweenMessagesCostsNoMessage) {
  const auto engine = make_fast_engine(folder_ / "gnupg");
  expect_sealed(seal_by(*engine), "before");
  const auto kept = children();
  ASSERT_FALSE(kept.empty());
  for (const pid_t child : kept) ::kill(child, SIGKILL);
  expect_sealed(seal_by(*engine), "after");
}

TEST_F(PgpFaults, AGpgThatFailsHangsOrLiesDefersTheMessage) {
  const std::string version = "case \"$*\" in *--version*) exec gpg --version;; esac\n";
  for (const std::string script : {"exit 1", "sleep 60", "cat", "exit 0", "echo -----BEGIN PGP MESSAGE-----",
                                   "gpg \"$@\" | head -c 100", "gpg \"$@\"; echo CANARY-body-4f1d9c", "kill -9 $$"}) {
    const auto engine = make_plain_engine(folder_ / "gnupg", {1, program(version + script)});
    expect_deferred(seal_by(*engine), script);
  }
}

TEST_F(PgpFaults, AGpgThatIsNotThereDefersTheMessage) {
  const auto missing = make_plain_engine(folder_ / "gnupg", {1, "/no/such/gpg"});
  expect_deferred(seal_by(*missing), "missing");
}

/// Whether `pid` ends, be it as somebody else's zombie.
bool ends(pid_t pid) {
  for (int i = 0; i < 2'000; ++i) {
    if (::kill(pid, 0) != 0 && errno == ESRCH) return true;
    if (read("/proc/" + std::to_string(pid) + "/stat").contains(") Z ")) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST_F(PgpFaults, AGpgThatHangsIsKilledWithAllThatItStarted) {
  const std::string version = "case \"$*\" in *--version*) exec gpg --version;; esac\n";
  const std::string script = "sleep 3600 & echo $! >" + (folder_ / "pid") + "; wait";
  const auto plain = make_plain_engine(folder_ / "gnupg", {1, program(version + script)});
  expect_deferred(seal_by(*plain), "plain");
  EXPECT_TRUE(ends(std::stoi(read(folder_ / "pid"))));
  std::filesystem::remove(folder_ / "pid");
  {
    const auto fast = make_fast_engine(folder_ / "gnupg", {1, program(script)});
    expect_sealed(seal_by(*fast), "fast");
  }
  EXPECT_TRUE(ends(std::stoi(read(folder_ / "pid"))));
}

TEST_F(PgpFaults, WithoutItsAgentNothingIsSignedAndNothingLeavesUnsigned) {
  const std::string piet = office_.make("Piet <piet@kantoor.nl>");
  ASSERT_TRUE(import(office_.exported(piet, "--armor --export-secret-keys"))[0].ok);
  keys_ = load();
  const mail::Mailbox sender = mailbox("piet@kantoor.nl");
  const auto engine = make_pgp_engine(folder_ / "gnupg");
  run("gpgconf --homedir " + (folder_ / "gnupg") + " --kill gpg-agent");
  expect_sealed(seal_by(*engine, &sender), "the agent is started anew");
  run("gpgconf --homedir " + (folder_ / "gnupg") + " --kill gpg-agent");
  run("rm -f " + (folder_ / "gnupg/S.gpg-agent") + "; mkdir -p " + (folder_ / "gnupg/S.gpg-agent/taken"));
  expect_deferred(seal_by(*engine, &sender), "no agent");
  expect_sealed(seal_by(*engine), "unsigned needs none");
}

TEST_F(PgpFaults, AHomeThatCannotBeMadeDefersTheMessage) {
  expect_deferred(seal_by(*make_pgp_engine("/proc/no-such-home/gnupg")), "/proc");
}

/// As a user who may read the home and write nothing: the kept gpg needs to write nothing, the other one defers.
TEST_F(PgpFaults, AHomeThatCanOnlyBeReadLosesNothing) {
  if (::geteuid() != 0) GTEST_SKIP() << "skipped, because only root can become another user";
  constexpr uid_t nobody = 65534;
  EXPECT_TRUE(seal_by(*make_plain_engine(folder_ / "gnupg")));
  std::filesystem::remove_all(folder_ / "gnupg/recipients");
  run("gpgconf --homedir " + (folder_ / "gnupg") + " --kill gpg-agent; chmod 711 " + folder_.path() +
      "; chmod -R a+rX " + (folder_ / "gnupg"));
  const auto as_nobody = [&](PgpEngine& engine) {
    if (::setresuid(nobody, nobody, nobody) != 0) ::_exit(3);
    const auto sealed = seal_by(engine);
    if (sealed) ::_exit(sealed->bytes().contains("CANARY") ? 4 : 0);
    ::_exit(sealed.error().temporary ? 1 : 2);
  };
  EXPECT_EXIT(as_nobody(*make_plain_engine(folder_ / "gnupg")), testing::ExitedWithCode(1), "");
  const auto in_time = [](int status) { return WIFEXITED(status) && WEXITSTATUS(status) <= 1; };
  EXPECT_EXIT(as_nobody(*make_fast_engine(folder_ / "gnupg")), in_time, "");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "gnupg/recipients"));
}

}  // namespace
}  // namespace zegel::seal
