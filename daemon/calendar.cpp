#include "calendar.h"

namespace zegel {

bool Calendar::believable(Time calendar, Steady steady) {
  if (last_) {
    const auto by_calendar = calendar - last_->first;
    const auto really = std::chrono::duration_cast<milliseconds>(steady - last_->second);
    if (by_calendar > really + std::chrono::hours(1)) doubtful_until_ = steady + std::chrono::days(1);
  }
  last_ = {calendar, steady};
  return steady >= doubtful_until_;
}

}  // namespace zegel
