// How classes go on under another policy, from the JSON of a caller.
//
//   {"tier": {"to": "level", "classes": {"gold": "platinum", "guest": null}}, "trial": null}
//
// Thread class: pure.
#pragma once

#include <string_view>

#include "patron/engine.h"
#include "patron/status.h"

namespace patron::capi {

/// An empty text is no mapping. Code::kSyntax, kDocument, kLimit, with the byte offset.
Result<PublishMapping> read_mapping(std::string_view json);

}  // namespace patron::capi
