// A hostile Arrow producer. The buffers are as large as the declared lengths ask, as the interface
// demands; everything else may lie: counts, offsets, texts, indices, null counts, and a stream's
// errors and batches.
//
//   ArrowArray array;
//   ArrowSchema schema;
//   make_batch(&array, &schema, &choices);   // both are the caller's to release, or to hand on
#pragma once

#include "patron/arrow.h"
#include "tests/fuzz/fuzz.h"

namespace patron::fuzz {

/// A struct array of up to three columns "a", "b", "c" and up to eight rows.
void make_batch(ArrowArray* array, ArrowSchema* schema, Choices* choices);

/// A stream of up to three such batches.
void make_stream(ArrowArrayStream* stream, Choices* choices);

}  // namespace patron::fuzz
