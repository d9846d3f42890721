#include "capi/src/handles.h"

namespace patron::capi {

// The word is cleared through a volatile reference, or the compiler would leave out a store to
// memory that is about to go.
Tag::~Tag() { const_cast<volatile uint64_t&>(kind_) = 0; }

Status hand_out_table(Result<Table> table, patron_table** out) {
  return table.ok() ? hand_out(*std::move(table), out) : std::move(table).status();
}

Status hand_out_text(std::string text, patron_buffer** out) {
  auto buffer = std::make_unique<patron_buffer>();
  buffer->text = std::move(text);
  *out = buffer.release();
  return {};
}

}  // namespace patron::capi
