// Case: a policy and what a host does with it: calls of an engine, one after the other. A case that
// showed an error is kept as JSON in tests/engine/oracle/corpus.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "patron/engine.h"
#include "tests/engine/oracle/tree.h"
#include "tests/engine/oracle/value.h"

namespace patron::oracle {

/// An event, the values of attributes or of identity keys, or the key of an event that is to go.
struct Row {
  std::string id;
  Micros time = 0;
  std::string key;
  std::vector<std::pair<std::string, Value>> cells;  ///< those that are known
};

struct Call {
  enum class Is : uint8_t {
    kAdd,
    kSet,
    kRemove,
    kAdvance,
    kForecast,
    kLook,
    kLink,
    kUnlink,
    kForget,
    kOverride,
    kClear,
    kCalibrate,
    kPublish,
    kClaim,
    kLearn
  };
  Is is = Is::kLook;
  std::string stream;  ///< kAdd, kRemove
  bool quiet = false;
  std::vector<Row> rows;
  Micros to = 0;                               ///< kAdvance, kForecast
  std::string first, second;                   ///< kLink, kUnlink; kForget: `first`
  std::string kind, classification, to_class;  ///< kOverride, kClear: of `first`
  Micros at = kMinTime, until = kEndTime;      ///< kOverride
  Tree policy;                                 ///< kPublish; kLearn: the constants of ltv
  PublishMapping mapping;                      ///< kPublish
};

struct Case {
  Tree policy;
  std::vector<Call> calls;

  std::string write() const;
  static Case read(std::string_view json);
};

/// Numbers from 0 to n - 1, from wherever: of a generator, or of a fuzzer's bytes.
class Dice {
 public:
  explicit Dice(std::function<uint32_t(uint32_t)> below) : below_(std::move(below)) {}
  uint32_t below(size_t n) { return below_(static_cast<uint32_t>(n)); }
  bool one_in(size_t n) { return below(n) == n - 1; }
  bool percent(uint32_t p) { return below(100) + p >= 100; }
  template <typename T>
  const T& of(const std::vector<T>& values) {
    return values[below(values.size())];
  }

 private:
  std::function<uint32_t(uint32_t)> below_;
};

/// A sound policy that the oracle understands.
Tree random_policy(Dice& dice);
/// Up to four customers, some twenty facts, two years.
std::vector<Call> random_calls(Dice& dice, const Tree& policy);

/// Publishing a policy that is a little otherwise; false where that is no sound one.
bool random_change(Dice& dice, const Tree& policy, Call& out);

/// What the engine and the oracle say differently of a case, or what laws it breaks; nothing where
/// all is well.
std::optional<std::string> broken(const Case& what);
/// The smallest case found that is still broken, by leaving out calls, rows and parts of the
/// policy.
Case shrunk(Case what, const std::function<bool(const Case&)>& still_broken);

}  // namespace patron::oracle
