#include "capi/src/handles.h"

using namespace patron::capi;  // NOLINT

patron_str patron_buffer_text(const patron_buffer* buffer) noexcept {
  return usable_handle(buffer) ? view(buffer->text) : patron_str{nullptr, 0};
}

void patron_buffer_close(patron_buffer* buffer) noexcept { close(buffer); }
