// Unite: where somebody stands who was two customers (docs/identities.md).
//
//   const CustomerState both = unite(policy, settler.machines(), survivor, other);
//
// Of a ladder the better class counts, with its own timers; of other kinds the survivor's, or,
// where she had none yet, the other's; flags unite; so do the marks of cool-downs and of the cap.
// An override of the survivor counts before one of the other, kind by kind.
//
// Thread class: pure.
#pragma once

#include <span>

#include "lib/engine/settle/settle.h"

namespace patron::internal {

/// `machines` as Settler::machines(). What the result was last seen to be is what the survivor was.
CustomerState unite(const PolicyData& policy, std::span<const MachineName> machines,
                    const CustomerState& survivor, const CustomerState& other);

/// Overwrites what she is known by, before its memory goes back.
void wipe(CustomerState& state);

}  // namespace patron::internal
