#include "capi/src/guard.h"
#include "capi/src/handles.h"

using namespace patron::capi;  // NOLINT
using patron::Status;

patron_status patron_workspace_create(patron_workspace** workspace, patron_error* error) noexcept {
  clear(workspace);
  return guard(error, [&]() -> Status {
    Status status = require(workspace, "workspace");
    if (!status.ok()) return status;
    *workspace = new patron_workspace;
    return {};
  });
}

int64_t patron_workspace_bytes(const patron_workspace* workspace) noexcept {
  if (!usable_handle(workspace)) return -1;
  return workspace->workspace.bytes();
}

void patron_workspace_close(patron_workspace* workspace) noexcept { close(workspace); }
