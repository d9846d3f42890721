// Explained: what an engine says is missing, and what comes by itself, is done and awaited (L15).
#pragma once

#include "tests/engine/oracle/drive.h"

namespace patron::oracle {

/// Of one customer and one classification, others for every `turn`. Throws std::runtime_error where
/// the facts that are named do not give the class, at the clock or just before they are said not to
/// any more, or where the next change is another than the oracle's.
void compare_explained(const Driver& driver, const Oracle& oracle, size_t turn);

}  // namespace patron::oracle
