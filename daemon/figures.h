#pragma once

#include "core/time.h"
#include "log/log.h"
#include "metrics/standing.h"
#include "receive/intake.h"
#include "seal/keys.h"
#include "send/dispatcher.h"
#include "store/store.h"

/// What each room says of itself, for /metrics. Pure but for the door, which is asked.
namespace zegel {

/// An age is never negative, also when the clock was set back.
void add_store(metrics::Standing&, const store::Store::Figures&, Time now);
void add_door(metrics::Standing&, const receive::Intake&);
void add_lines(metrics::Standing&, const send::Dispatcher::Figures&);
/// Four rows always: each method, recipients' and senders'.
void add_keys(metrics::Standing&, const std::vector<seal::KeyEntry>&, Time now);
/// The places in the config by which a copy may leave readable: a ladder with `clear`, or with `zip-attachments`, which
/// leaves a message without attachments as it is. Spelt as in the log's `rule=`.
[[nodiscard]] std::vector<std::string> rules_that_let_clear_out(const config::Settings&);
void add_log(metrics::Standing&, const log::Figures&);

}  // namespace zegel
