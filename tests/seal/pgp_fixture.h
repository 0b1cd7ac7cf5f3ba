#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/time.h"
#include "mail/structure.h"
#include "seal/keys.h"
#include "seal/pgp_engine.h"
#include "seal/pgp_office.h"
#include "seal/pgp_sealer.h"
#include "seal/workbench.h"

namespace zegel::seal::test {

inline mail::Mailbox mailbox(std::string_view text) { return mail::parse_mailbox(text).value(); }

/// Zegel's ring in `folder_/gnupg`, and somebody else's gpg.
class Pgp : public testing::Test {
 protected:
  ~Pgp() override { run("gpgconf --homedir " + (folder_ / "gnupg") + " --kill gpg-agent"); }

  [[nodiscard]] KeySources sources() const { return {folder_ / "smime", "", "", folder_ / "gnupg", {"kantoor.nl"}}; }

  std::vector<Imported> import(const std::string& bytes, bool replace = false) {
    return import_keys(sources(), bytes, replace, now(), [] { return Secret(); });
  }

  std::shared_ptr<const Keys> load() {
    std::vector<std::string> problems;
    auto keys = Keys::load(sources(), now(), problems);
    EXPECT_TRUE(problems.empty()) << problems.front();
    return keys;
  }

  std::expected<Sealed, SealFailure> seal(const std::string& bytes, const std::vector<std::string>& prints,
                                          const mail::Mailbox* signer = nullptr, Layering layering = {}) {
    const auto keys = load();
    const mail::Message message(bytes);
    const auto engine = make_pgp_engine(folder_ / "gnupg");
    return PgpSealer(*keys, *engine).seal(message, mail::scan(message), {prints, signer, layering, now()});
  }

  Folder folder_;
  Folder other_;
  PgpOffice office_{other_};
};

}  // namespace zegel::seal::test
