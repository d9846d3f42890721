// Bytes become a policy and a sequence of calls of an Engine (facts, corrections, deletions, links,
// overrides, forgetting, steps of the clock, forecasts, profiles), and the engine must say what the
// oracle of tests/engine/oracle says, which recomputes everybody from raw facts.
#include <cstdint>
#include <cstdio>
#include <optional>
#include <random>
#include <string>

#include "tests/engine/oracle/case.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace patron::oracle;
  Choices choices(data, size);
  // Where the bytes end, a generator goes on: every input is a whole case.
  std::mt19937_64 more(size);
  Dice dice([&](uint32_t n) {
    if (choices.empty()) return static_cast<uint32_t>(more() % n);
    const uint32_t high = n > 256 ? choices.byte() : 0;
    return (high * 256 + choices.byte()) % n;
  });
  Case what;
  what.policy = random_policy(dice);
  what.calls = random_calls(dice, what.policy);
  const std::optional<std::string> wrong = broken(what);
  if (wrong) std::fprintf(stderr, "%s\n%s", wrong->c_str(), what.write().c_str());
  FUZZ_CHECK(!wrong);
  return 0;
}
