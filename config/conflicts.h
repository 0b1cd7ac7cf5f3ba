#pragma once

#include "config/reading.h"
#include "config/settings.h"

namespace zegel::config {

/// Tells what is wrong between keys that are each right by themselves, and which required ones are missing.
/// `root`: the document, for the places of its sections.
void find_conflicts(const Settings&, const Node& root, Reading&);

}  // namespace zegel::config
