// Calibrations as documents and summaries of customers as bytes: what is accepted means the same
// when it is written and read again, and any summary of the right policy gives constants or a
// reason, never harm.
#include <string>

#include "lib/base/sha256.h"
#include "lib/engine/calibration/calibration_fit.h"
#include "lib/engine/calibration/calibration_names.h"
#include "lib/engine/calibration/calibration_summary.h"
#include "patron/calibration.h"
#include "patron/policy.h"
#include "tests/fuzz/fuzz.h"

namespace {

using patron::Calibration;
using patron::internal::CalibrationData;
using patron::internal::CalibrationSummary;

// One of everything; its sections stand in this order.
constexpr std::string_view kPolicy = R"({"patron": 1, "name": "fuzz", "customer": {"id": "int64"},
  "streams": {"orders": {}, "surveys": {}, "referrals": {}},
  "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
           {"name": "orders", "metric": {"count": "orders"}}],
  "models": {"rfm": {}, "nps": {}, "referral": {"depth": 4},
    "ltv": {"model": "bg_nbd", "spend": "gamma_gamma", "horizon": "90d"},
    "score": {"weights": "entropy", "of": ["spend", "orders"]}},
  "classifications": [{"name": "abc", "kind": "rank", "by": "spend", "classes": [
    {"name": "A", "share": 0.8}, {"name": "seat", "top": 3}, {"name": "C"}]}]})";

const patron::Policy& policy() {
  static const patron::Policy kOne = *patron::Policy::parse(kPolicy);
  return kOne;
}

void check_document(std::string_view json) {
  const auto read = Calibration::parse(json);
  if (!read.ok()) {
    FUZZ_CHECK(!read.status().message().empty());
    return;
  }
  const std::string text = read->to_json();
  const auto again = Calibration::parse(text);
  FUZZ_CHECK(again.ok() && again->to_json() == text);
  FUZZ_CHECK(again->number() == read->number() && again->complete() == read->complete());
}

// The bytes between the first line and the check sum.
void check_summary(std::string_view body) {
  std::string bytes = "patron summary 1\n" + std::string(body);
  FUZZ_CHECK(!CalibrationSummary::parse(bytes).ok());
  bytes += patron::internal::sha256_hex(bytes).substr(0, 16);
  const auto read = CalibrationSummary::parse(bytes);
  if (!read.ok()) {
    FUZZ_CHECK(!read.status().message().empty());
    return;
  }
  FUZZ_CHECK(read->to_bytes() == bytes);
  CalibrationSummary twice = *read;
  bool named = false;
  for (const auto& section : read->sections) named = named || !section.roll.empty();
  FUZZ_CHECK(twice.merge(*read).ok() != named || read->customers > INT64_MAX / 2);

  CalibrationSummary mine = *read;
  mine.policy = policy().hash();
  mine.basis = patron::internal::calibration_basis(CalibrationData());
  mine.stage = 0;
  const auto found = patron::internal::calibrate_stage(policy().data(), mine, {});
  if (!found.ok()) return;
  const Calibration calibration(std::make_shared<CalibrationData>(*found));
  const auto again = Calibration::parse(calibration.to_json());
  FUZZ_CHECK(again.ok() && again->to_json() == calibration.to_json());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 4096) return 0;
  Choices choices(data, size);
  if (choices.byte() % 2 == 0) {
    check_document(choices.rest());
  } else {
    check_summary(choices.rest());
  }
  return 0;
}
