// What a table's column may be to be read as values of a kind, for messages.
#pragma once

#include "patron/schema.h"

namespace patron::internal {

/// "column \"amount\" is bool; it must be " wanted_columns(Kind::kMoney). Static text.
const char* wanted_columns(Kind kind);

}  // namespace patron::internal
