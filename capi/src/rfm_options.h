// patron_rfm_options, read field by field into patron::RfmOptions.
#pragma once

#include "capi/src/options.h"
#include "patron/patron.h"
#include "patron/rfm.h"

namespace patron::capi {

/// Code::kUnsupported, kArgument, kUtf8, kHandle, kState; the message names the field. Values that
/// only the computation can judge (columns, zone, bins) are left to it.
Status read_rfm_options(const patron_rfm_options* in, RfmOptions& out, Call& call);

}  // namespace patron::capi
