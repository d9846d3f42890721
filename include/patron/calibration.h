// Calibration: what the models learned from the whole population at one instant, as a value.
//
// Only a calibration looks at everybody. What it finds (cuts of scores, parameters of models,
// weights, cuts and seats of ranks) are constants until the next one, so that every customer is
// scored by her own facts, the clock, and these constants. A calibration is numbered, says when it
// was made and how each model fared, and goes to JSON and back without a bit lost.
//
//   patron::Result<patron::Calibration> found = engine.calibrate();
//   for (const patron::ModelReport& model : found->report()) std::cout << model.message << "\n";
//   std::string text = found->to_json();                        // journal it, ship it, read it
//   other.set_calibration(*patron::Calibration::parse(text));
//
// What every number means: docs/calibration.md. A Calibration is a cheap value whose copies share
// their memory. Thread class: shared.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patron/status.h"
#include "patron/time.h"

namespace patron {
namespace internal {
struct CalibrationData;
}
inline namespace v0 {

/// How a model fared in a calibration. The numbers are those of the C ABI, frozen once released.
enum class ModelVerdict : int32_t {
  kCalibrated = 0,  ///< it has new constants
  kTooFew = 1,      ///< fewer customers than it needs: it keeps those it had
  kNotFitted = 2,   ///< there is no sound fit: it keeps those it had
};
/// "calibrated", "too_few", "not_fitted".
std::string_view model_verdict_name(ModelVerdict verdict);

/// How far the population moved away from the constants in force before.
struct Drift {
  std::string of;  ///< "recency", "frequency", "monetary"; of a rank "class"
  /// The population stability index: sum (new - old) ln(new / old) over the shares of the bins that
  /// the former cuts make, each share at least 0.0001. Below 0.1 little has changed, above 0.25
  /// much.
  double stability_index = 0;
  double movers = 0;  ///< the share of customers whom the new cuts put into another bin
};

/// What a calibration says of one model or rank.
struct ModelReport {
  std::string model;
  ModelVerdict verdict = ModelVerdict::kCalibrated;
  std::string message;       ///< for people; never empty
  int64_t customers = 0;     ///< whom it could learn from
  std::vector<Drift> drift;  ///< empty in the first calibration, and for what has no cuts
};

class Calibration {
 public:
  /// Nothing is calibrated yet: number 0.
  Calibration();

  int64_t number() const;  ///< 1, 2, ...: each is one more than that in force before
  Micros at() const;       ///< the instant whose population it describes
  int64_t customers() const;
  /// False while stages are missing, where the summaries of shards are merged step by step.
  bool complete() const;
  /// Of each model and rank of the policy, in its order.
  std::span<const ModelReport> report() const;

  /// A JSON document, versioned.
  std::string to_json() const;
  /// Code::kSyntax with the byte offset, Code::kDocument for what means nothing sound, Code::kLimit
  /// beyond 1 GiB.
  static Result<Calibration> parse(std::string_view json);

  explicit Calibration(std::shared_ptr<const internal::CalibrationData> data);
  const internal::CalibrationData& data() const { return *data_; }
  const std::shared_ptr<const internal::CalibrationData>& shared() const { return data_; }

 private:
  std::shared_ptr<const internal::CalibrationData> data_;
};

}  // namespace v0
}  // namespace patron
