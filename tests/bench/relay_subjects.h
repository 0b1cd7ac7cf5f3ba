#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/// The relays that are compared, each as processes of their own on loopback.
namespace zegel::bench {

/// What a relay has used so far, all its processes together.
struct Usage {
  double cpu_seconds = 0;
  std::uint64_t peak_memory = 0;  ///< octets; of several processes the sum of their peaks
};

class Relay {
 public:
  virtual ~Relay() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual Usage usage() const = 0;
};

/// zegeld from the folder of this program, with a rule that sends in clear. Its state is on the disk of `folder`.
/// Throws std::runtime_error when it does not start.
[[nodiscard]] std::unique_ptr<Relay> start_zegel(const std::string& program, const std::string& folder,
                                                 std::uint16_t next_hop);

/// Postfix with a relayhost, `settings` for its main.cf and everything else as it comes: the installed one, or the
/// distribution's package unpacked into `folder`. Wants root. Null, and why on stderr, when it cannot be had.
[[nodiscard]] std::unique_ptr<Relay> start_postfix(const std::string& folder, std::uint16_t next_hop,
                                                   const std::string& settings = {});

}  // namespace zegel::bench
