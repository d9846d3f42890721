// Profiles: what a customer's values are, where each comes from, and how new the facts behind it
// are.
//
//   ProfileSources sources(policy.data());
//   sources.names(i);                                // {"orders"}, {"spend_12m", "visits"}
//   sources.as_of(settled.values, newest_in_stream)  // of each value
//
// A metric and a scorecard rest on the events that count; a value that is made of others, on the
// newest fact of any of them; an output of a model, on her newest fact in the stream that the model
// reads. Constants that everybody shares are no facts of hers.
//
// Thread class: a const ProfileSources is shared.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/metrics/metric_value.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {

class ProfileSources {
 public:
  /// The policy is kept by reference.
  explicit ProfileSources(const PolicyData& policy);

  /// What the i-th value comes from: the attribute itself, the streams of a metric or a model, or
  /// the values that it reads; of a scorecard streams, then values.
  std::span<const std::string_view> names(size_t i) const { return values_[i].names; }

  /// Of each value the time of the newest fact behind it, absent where there is none.
  /// `newest(stream)` is her newest fact there.
  std::vector<std::optional<Micros>> as_of(
      std::span<const MetricValue> values,
      const std::function<std::optional<Micros>(int stream)>& newest) const;

 private:
  struct Value {
    std::vector<std::string_view> names;
    std::vector<size_t> reads;  ///< values, all before this one
    int stream = -1;            ///< of a model
  };
  /// Of each value by its name; those that stand before the one that is looked at.
  using Places = std::unordered_map<std::string_view, size_t>;
  static void add_streams(const PolicyData& policy, const PolicyValue& value, Value& out);
  static void add_model(const PolicyData& policy, const PolicyModel* model, const Places& places,
                        Value& out);
  static void add_reads(std::span<const std::string> names, const Places& places, Value& out);

  std::vector<Value> values_;
};

}  // namespace patron::internal
