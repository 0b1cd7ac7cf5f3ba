#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "mail/mailbox.h"

/// A keyring's own file, read past gpg. gpg 2.2 gives up a whole ring at the first key of a version that it does not
/// know (5 of GnuPG 2.3 and later, 6 of RFC 9580), and with it everybody whose key comes after.
namespace zegel::seal {

/// A key that gpg cannot read.
struct ForeignKey {
  std::string fingerprint;
  unsigned version;
  std::vector<mail::Mailbox> addresses;  ///< as its user ids say; nobody has looked at the signatures
};

/// What is in it: what gpg should be able to read, as packets (only where there are foreign keys), and what it cannot.
struct RingFile {
  std::string readable;
  std::size_t ours = 0;  ///< how many version 4 keys there are
  std::vector<ForeignKey> foreign;
};

/// Of `home`, `pubring.kbx` (keybox), or the `pubring.gpg` (packets) of older versions that is used where there is no
/// keybox with PGP keys in it. No ring at all is an empty one. Error: it cannot be read, or is damaged.
[[nodiscard]] Result<RingFile> read_ring_file(const std::string& home);

/// Takes a foreign key out of the ring. False: it is not there.
[[nodiscard]] Result<bool> drop_foreign(const std::string& home, const std::string& fingerprint);

}  // namespace zegel::seal
