// Policies: any document gets findings with places in it, or a policy that survives being written
// and read again.
#include <string>

#include "patron/policy.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 16'384) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const patron::CheckedPolicy checked = patron::Policy::check(text);
  bool refused = false;
  int64_t before = 0;
  for (const patron::PolicyFinding& one : checked.findings) {
    refused |= one.severity == patron::Severity::kError;
    FUZZ_CHECK(!one.code.empty() && !one.message.empty());
    FUZZ_CHECK(one.offset >= before && one.offset <= static_cast<int64_t>(size));
    FUZZ_CHECK(one.begin <= one.end);
    before = one.offset;
  }
  FUZZ_CHECK(refused == !checked.policy.has_value());
  FUZZ_CHECK(patron::format_findings("f", text, checked.findings).empty() ==
             checked.findings.empty());
  const patron::Result<patron::Policy> parsed = patron::Policy::parse(text);
  FUZZ_CHECK(parsed.ok() == checked.policy.has_value());
  if (!parsed.ok()) return 0;
  const patron::Result<patron::Policy> again = patron::Policy::parse(parsed->to_json());
  FUZZ_CHECK(again.ok() && again->hash() == parsed->hash());
  FUZZ_CHECK(again->to_json() == parsed->to_json());
  FUZZ_CHECK(again->tags().size() == parsed->tags().size());
  return 0;
}
