#pragma once

#include <cstdint>

#include "check/deletes.h"
#include "check/person_name.h"

namespace zegel::check {

/// Calls `use(hash)` for all by which two names that are nearly the same find each other: their letters with some left
/// out, and each reading as initial and surname without tussenvoegsel.
template <class Use>
void each_person_key(const PersonName& name, Reach reach, Use use) {
  each_delete(name.letters, reach, use);
  for (const auto& reading : name.readings) {
    const auto initial = static_cast<std::uint64_t>(static_cast<unsigned char>(reading.given.front()));
    use(hash_of(without_tussenvoegsel(reading.surname), initial + 1'000));
  }
  if (name.is_one_word() && name.letters.size() > 3) {  // jjansen
    const auto initial = static_cast<std::uint64_t>(static_cast<unsigned char>(name.letters.front()));
    use(hash_of(without_tussenvoegsel(std::string_view(name.letters).substr(1)), initial + 1'000));
  }
}

}  // namespace zegel::check
