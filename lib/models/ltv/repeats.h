// Customers who are the same to a model are worked out once: a small table of those met so far.
//
//   Repeats repeats(3);                                          // value, low, high
//   compute_distinct(&repeats, {x, t_x, T}, n, {value, low, high},
//                    [&](const RepeatKeys& keys, int64_t rows, const RepeatOutputs& out) { ... });
//
// Where rows come on a day grid most have been met before; where hardly any has, the search is
// given up. Answers depend on the customer alone, so none of this reaches a result.
//
// Thread class: serial.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace patron::internal::ltv {

/// At most so many rows at a time, and numbers for each.
inline constexpr int64_t kRepeatRows = 1024;
inline constexpr int kRepeatOutputs = 4;

/// What tells customers apart, a column each, finite.
using RepeatKeys = std::array<const double*, 3>;
using RepeatOutputs = std::array<double*, kRepeatOutputs>;

class Repeats {
 public:
  /// `bits`: of the number of customers that are remembered.
  explicit Repeats(int outputs, int bits = 16);

  /// Whether it is worth to go on looking.
  bool searching() const { return searching_; }

  /// Writes what is known to `out` and gathers the rest, the number of which it returns.
  int64_t look_up(const RepeatKeys& keys, int64_t n, const RepeatOutputs& out);
  RepeatKeys fresh_keys() const;
  RepeatOutputs fresh_values();
  /// Takes what was worked out for the fresh rows, and writes it to all who wait for it.
  void spread(int64_t n, const RepeatOutputs& out);

 private:
  struct Slot {
    std::array<double, 3> key;  ///< NaN: nobody
    int32_t fresh;              ///< of this block, or -1
  };

  size_t find(const std::array<double, 3>& key) const;

  size_t outputs_;
  int bits_;
  std::vector<Slot> slots_;
  std::vector<double> values_;  ///< outputs_ for each slot
  std::array<std::array<double, kRepeatRows>, 3> fresh_keys_;
  std::array<std::array<double, kRepeatRows>, kRepeatOutputs> fresh_values_;
  std::array<uint32_t, kRepeatRows> fresh_slot_;
  std::array<int32_t, kRepeatRows> source_;  ///< the fresh row that a row waits for, or -1
  int64_t fresh_ = 0;
  int64_t seen_ = 0, found_ = 0;
  bool searching_ = true;
};

/// Works out n customers: compute(keys, rows, outputs) is asked for each distinct one, once, where
/// `repeats` is there and still finds some, else for all.
template <typename Compute>
void compute_distinct(Repeats* repeats, const RepeatKeys& keys, int64_t n, const RepeatOutputs& out,
                      const Compute& compute) {
  if (repeats == nullptr || !repeats->searching()) return compute(keys, n, out);
  const int64_t fresh = repeats->look_up(keys, n, out);
  compute(repeats->fresh_keys(), fresh, repeats->fresh_values());
  repeats->spread(n, out);
}

}  // namespace patron::internal::ltv
