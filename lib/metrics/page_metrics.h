// PageMetrics: many metrics of all customers of a page at once.
//
//   PageMetrics metrics(specs, streams, state, zone);     // one for each thread
//   for (uint32_t page = 0; page < metrics.pages(); ++page) {
//     metrics.read(page, now, anchors);
//     for (size_t m = 0; m < specs.size(); ++m) metrics.evaluate(m, block);
//   }
//
// Bit for bit what MetricEvaluator gives of each customer alone, which is the plain way and is
// asked where there is no kernel: orders of events (followed_by, open, funnel), texts that are no
// enum, and customers who are linked or whose log is long. docs/metrics.md has the definitions.
//
// Thread class: serial; any number of them read one snapshot.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/metrics/evaluator.h"
#include "lib/metrics/page_stream.h"
#include "lib/metrics/value_block.h"

namespace patron::internal {

/// A stream as MetricSpec numbers it, for whole pages.
struct PageMetricStream {
  LogName log;
  std::string name;
  Schema schema;
  std::vector<std::string> columns;
  StreamRules rules;
};

class PageMetrics {
 public:
  /// Of every verb but ratio. All is kept by reference.
  PageMetrics(std::span<const MetricSpec* const> specs, std::span<const PageMetricStream> streams,
              const BookState& state, const TimeZone& zone);
  ~PageMetrics();

  uint32_t pages() const;
  /// The customers of that page at an instant: rows page x kPageCustomers and on.
  void read(uint32_t page, Micros now, const PageAnchors& anchors);
  uint32_t customers() const { return customers_; }
  /// The metric of each of them. Throws std::bad_alloc.
  void evaluate(size_t metric, ValueBlock& out);

 private:
  struct Plan;
  PageStream& stream(int index);
  void plan(const MetricSpec& spec, Plan& out);
  Shape shape(const MetricSpec& spec, const Plan& plan) const;
  bool has_kernel(const MetricSpec& spec, const Plan& plan) const;
  void kernel(const Plan& plan, ValueBlock& out);
  void plainly(Plan& plan, uint32_t i, ValueBlock& out);
  void mark_events(const MetricSpec& spec);

  std::span<const PageMetricStream> specs_;
  const BookState* state_;
  TimeZone zone_;
  std::vector<std::unique_ptr<PageStream>> streams_;  ///< those that a metric reads
  std::vector<std::unique_ptr<LogReader>> readers_;
  std::vector<MetricStream> plain_;
  std::vector<std::unique_ptr<Plan>> plans_;
  const PageAnchors* anchors_ = nullptr;
  Micros now_ = 0;
  uint32_t first_ = 0, customers_ = 0;
  std::array<uint8_t, kPageCustomers> any_events_{};  ///< scratch
};

}  // namespace patron::internal
