// What an expression says of itself, as tables for callers of the C interface.
//
// Thread class of everything here: pure.
#pragma once

#include "patron/expression.h"
#include "patron/table.h"

namespace patron::capi {

/// begin, end, value, left, op, right, distance: one row for each atom.
Table atoms_table(const Explanation& explanation);

/// atom, field: the fields that are null, by atom.
Table unknown_table(const Explanation& explanation);

/// set, atom, wanted: the smallest sets of atoms that would make it true.
Table missing_table(const Explanation& explanation);

}  // namespace patron::capi
