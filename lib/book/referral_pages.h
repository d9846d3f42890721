// A large batch of referrals, each of which is a fact of two customers, brought to fresh pages.
//
//   fresh = referral_pages(batch, writer, log, epoch);
//   if (fresh != nullptr) writer.settle_pages(*fresh, ...);   // else row by row
//
// What comes out is what filing each of them with both customers makes of empty pages.
//
// Thread class: serial.
#pragma once

#include <memory>

#include "lib/book/event_batch.h"
#include "lib/book/fresh_pages.h"
#include "lib/book/log_writer.h"

namespace patron::internal {

/// Pages with each row of the batch twice, for LogWriter::settle_pages(), which settles all of
/// them. Null, and nothing is done, where the batch is not of referrals, where the log has one of
/// the pages, where a customer's log would get long, and where a column has texts or other ids.
std::unique_ptr<FreshPages> referral_pages(const EventBatch& batch, LogWriter& writer,
                                           const LogState& log, uint64_t epoch);

}  // namespace patron::internal
