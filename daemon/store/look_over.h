#pragma once

#include <vector>

#include "store/agenda.h"
#include "store/database.h"
#include "store/writer.h"

namespace zegel::store {

/// Looks over a store just opened: everything when it is small (64 MB), what start-up reads when it is not; octets and
/// envelopes are authenticated whenever they are read. Broken indexes are made anew. What it finds goes to `problems`;
/// gives back the queue's appointments in order. Throws Fault when the queue cannot be read at all.
[[nodiscard]] std::vector<Appointment> look_over(Database&, Problems& problems);

}  // namespace zegel::store
