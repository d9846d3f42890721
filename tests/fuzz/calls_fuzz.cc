// Sequences of calls of the C API, over handles that are made, shared and closed in any order.
//
// Each step is a byte for what is called and some for the arguments. Every call's result is held
// against what the header promises (calls/play.h), and what a successful call made against the laws
// of its kind (calls/result_checks.h).
#include "tests/fuzz/calls/play.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 2048) return 0;
  patron::fuzz::Play play(data, size);
  const auto& steps = patron::fuzz::steps();
  // Steps below the number there are keep their meaning when one is added.
  for (int left = 64; left > 0 && !play.choices.empty(); left--) {
    const size_t choice = play.choices.byte();
    steps[choice < steps.size() ? choice : choice % 128].run(play);
  }
  return 0;
}
