#include "admin/metrics.h"

#include <cstdint>
#include <string_view>

namespace zegel::admin {

namespace {

void gauge(std::string& out, std::string_view name, std::string_view help, std::uint64_t value) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" gauge\n");
  out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

}  // namespace

std::string metrics_text(const store::Store::Figures& figures, Time now) {
  std::string out;
  gauge(out, "zegel_queue_copies", "Sealed copies on their way out.", figures.queued);
  gauge(out, "zegel_held_messages", "Messages that wait for a person.", figures.held);
  gauge(out, "zegel_set_aside_rows", "Damaged rows that were set aside.", figures.set_aside);
  const auto age =
      figures.oldest && *figures.oldest < now ? std::chrono::floor<seconds>(now - *figures.oldest).count() : 0;
  gauge(out, "zegel_queue_oldest_seconds", "Age of the oldest copy in the queue.", static_cast<std::uint64_t>(age));
  return out;
}

}  // namespace zegel::admin
