#include <optional>
#include <stdexcept>

#include "admin/client.h"
#include "cli/agreed.h"
#include "cli/guise.h"
#include "cli/inspect.h"
#include "seal/covers.h"

namespace zegel::cli {

void inspect_covers(const config::Settings& settings, Problems& problems) {
  if (const auto covers = seal::Covers::load(settings.zip.covers); !covers) {
    problems.insert(problems.end(), covers.error().begin(), covers.error().end());
  }
}

void inspect_passwords(const config::Settings& settings, Time now, Problems& problems) {
  std::optional<admin::Response> answer;
  try {
    const AsCaller caller;
    answer = admin::ask(settings.admin.socket, {"GET", "/passwords", "", "zegel check"});
  } catch (const std::runtime_error& accident) {
    problems.push_back(place_of(settings, "admin.socket") + ": " + accident.what() + "; look into zegeld's log");
  }
  if (!answer || answer->status != 200) return;
  for (const auto& [whom, since] : agreed_in(answer->body)) {
    const Time until = since + settings.zip.agreed_for;
    if (now < until - settings.zip.remind) continue;
    problems.push_back(place_of(settings, "zip.agreed_for") + ": the password agreed with " + whom +
                       (now < until ? " may be used until " : " is too old since ") + iso_time(until).substr(0, 10) +
                       "; agree on a new one: zegel password new " + whom);
  }
}

}  // namespace zegel::cli
