#include "capi/src/guard.h"
#include "capi/src/handles.h"

using namespace patron::capi;  // NOLINT
using patron::Status;

patron_status patron_cancel_create(patron_cancel** cancel, patron_error* error) noexcept {
  clear(cancel);
  return guard(error, [&]() -> Status {
    Status status = require(cancel, "cancel");
    if (!status.ok()) return status;
    *cancel = new patron_cancel;
    return {};
  });
}

void patron_cancel_request(patron_cancel* cancel) noexcept {
  if (usable_handle(cancel)) cancel->token->cancel();
}

void patron_cancel_reset(patron_cancel* cancel) noexcept {
  if (usable_handle(cancel)) cancel->token->reset();
}

int32_t patron_cancel_requested(const patron_cancel* cancel) noexcept {
  if (!usable_handle(cancel)) return -1;
  return cancel->token->cancelled() ? 1 : 0;
}

void patron_cancel_close(patron_cancel* cancel) noexcept { close(cancel); }
