#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "seal/memory_file.h"
#include "seal/pgp_engine.h"
#include "seal/process.h"

namespace zegel::seal {

/// One `gpg --server` that is kept, spoken to in the Assuan protocol over a socket. Octets go to and fro in files in
/// memory whose descriptors are passed along; its keyring is such a file too, and holds the keys of the message in hand
/// and no other: so the size of our own ring does not matter, and no other key can be meant. For one thread at a time;
/// after an error it must be thrown away.
class GpgServer {
 public:
  /// Error: it did not start, or did not greet us in time.
  [[nodiscard]] static Result<std::unique_ptr<GpgServer>> start(const std::string& gpg, const std::string& home,
                                                                unsigned seconds);
  /// The job must have no signer. Error: what gpg said, or that it did not answer in time.
  [[nodiscard]] Result<std::string> encrypt(const PgpJob&);
  /// Messages it has made.
  [[nodiscard]] unsigned used() const { return used_; }

 private:
  GpgServer(Descriptor socket, unsigned seconds);
  [[nodiscard]] bool send(std::string_view lines, int passed = -1) const;
  /// Reads answers until `count` of them were OK.
  [[nodiscard]] Result<void> await(std::size_t count);

  Descriptor socket_;
  unsigned seconds_;
  unsigned used_ = 0;
  std::string received_;
  MemoryFile ring_, input_, output_;
  std::unique_ptr<Process> process_;
};

}  // namespace zegel::seal
