// patron_rfm_options, read field by field into patron::RfmOptions.
#pragma once

#include <memory>

#include "patron/patron.h"
#include "patron/rfm.h"

namespace patron::capi {

/// The options of one call, with what must live as long as it does.
struct RfmCall {
  RfmOptions options;
  std::shared_ptr<const CancelToken> cancel;
  int32_t callback_result = 0;  ///< the last non-zero answer of the progress callback
};

/// Code::kUnsupported, kArgument, kUtf8, kHandle, kState; the message names the field. Values that
/// only the computation can judge (columns, zone, bins) are left to it. `call` must stay in place.
Status read_rfm_options(const patron_rfm_options* in, RfmCall& call);

}  // namespace patron::capi
