// Arrow's format strings ("l", "tsu:UTC", "d:12,2") and what they mean here.
//
// Thread class of everything here: pure.
#pragma once

#include <string>
#include <string_view>

#include "patron/table.h"

namespace patron::internal {

/// The type of a format string without its dictionary. Type::kUnsupported, with the string, for
/// what patron does not read.
DataType parse_arrow_format(std::string_view format);

/// The format string; for kDictionary that of the indices.
std::string arrow_format(const DataType& type);

}  // namespace patron::internal
