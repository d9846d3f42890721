// How tables are evaluated, and what an evaluation met: shared by expressions and policies.
//
// Thread class of everything here: pure.
#pragma once

#include "capi/src/options.h"
#include "patron/expression.h"
#include "patron/patron.h"

namespace patron::capi {

/// Code::kArgument, kUnsupported, kHandle, kState. `call` must stay in place until the end of the
/// call.
Status read_expression_options(const patron_expression_options* in, ExpressionOptions& out,
                               Call& call);

/// Writes them where the caller wants them.
void write_counts(const ExpressionCounts& counts, patron_expression_counts* out);

}  // namespace patron::capi
