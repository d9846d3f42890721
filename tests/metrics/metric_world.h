// A small world for tests of metrics: a book of orders and visits, and the same facts as plain
// rows.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/book/log_view.h"
#include "lib/metrics/evaluator.h"
#include "patron/book.h"

namespace patron::internal {

/// One event as the test knows it.
struct PlainEvent {
  Micros time = 0;
  int64_t amount = 0;  ///< minor units
  std::optional<int64_t> margin;
  std::optional<double> quantity;
  std::string category;          ///< empty: null
  std::optional<int64_t> words;  ///< bits: fast, kind, late
};

inline constexpr int kOrders = 0, kVisits = 1;

class MetricWorld {
 public:
  explicit MetricWorld(TimeZone zone = {}) : zone_(std::move(zone)) {
    BookSpec spec;
    spec.customer = Kind::kInt64;
    spec.zone = zone_;
    for (const char* name : {"orders", "visits"}) {
      BookStream stream;
      stream.name = name;
      stream.columns = {column("amount", Kind::kMoney), column("margin", Kind::kMoney),
                        column("quantity", Kind::kDouble), column("category", Kind::kEnum),
                        column("words", Kind::kEnumSet)};
      spec.streams.push_back(std::move(stream));
    }
    book_ = std::make_unique<Book>(*BookLayout::make(std::move(spec)));
  }

  void add(int stream, const PlainEvent& event, int64_t customer = 1) {
    const BookValue null;
    const BookValue values[] = {
        event.amount, event.margin ? BookValue(*event.margin) : null,
        event.quantity ? BookValue(*event.quantity) : null,
        event.category.empty() ? null : BookValue(std::string_view(event.category)),
        event.words ? BookValue(*event.words) : null};
    BookEvent row;
    row.customer.number = customer;
    row.time = event.time;
    row.values = values;
    BookReport report;
    const Status status = book_->add(stream, std::span(&row, 1), {}, &report);
    ASSERT_TRUE(status.ok()) << status.message();
    ASSERT_EQ(report.accepted, 1);
  }

  /// The metric at an instant; the readers are made anew, since the book may have changed.
  MetricValue evaluate(const MetricSpec& spec, Micros now, const Anchors& anchors = {},
                       int64_t customer = 1) {
    std::vector<LogReader> readers;
    std::vector<MetricStream> streams;
    for (const int stream : {kOrders, kVisits}) readers.emplace_back(book_->state(), stream);
    for (const int stream : {kOrders, kVisits}) {
      MetricStream one;
      one.name = stream == kOrders ? "orders" : "visits";
      one.schema = schema();
      one.columns = {"time", "amount", "margin", "quantity", "category", "words"};
      one.rules.refunds = stream == kOrders;
      one.reader = &readers[static_cast<size_t>(stream)];
      streams.push_back(std::move(one));
    }
    MetricEvaluator evaluator(spec, streams, zone_);
    return evaluator.evaluate(row(customer), now, anchors);
  }

  LogReader reader(int stream) { return {book_->state(), stream}; }
  uint32_t row(int64_t customer) const {
    CustomerId id;
    id.number = customer;
    return book_->find(id);
  }

  /// What `where` reads.
  static Schema schema() {
    std::vector<FieldSpec> fields;
    for (const auto& [name, kind] :
         {std::pair("time", Kind::kTimestamp), std::pair("amount", Kind::kMoney),
          std::pair("margin", Kind::kMoney), std::pair("quantity", Kind::kDouble),
          std::pair("category", Kind::kEnum), std::pair("words", Kind::kEnumSet)}) {
      fields.push_back(column(name, kind).field);
    }
    return *Schema::make(std::move(fields));
  }

  static Expression where(std::string_view text) {
    Result<Expression> parsed = Expression::parse(text, schema());
    EXPECT_TRUE(parsed.ok()) << parsed.status().message();
    return *std::move(parsed);
  }

  const TimeZone& zone() const { return zone_; }

 private:
  static BookColumn column(const char* name, Kind kind) {
    BookColumn column;
    column.field.name = name;
    column.field.kind = kind;
    if (kind == Kind::kEnumSet) column.field.values = {"fast", "kind", "late"};
    return column;
  }

  TimeZone zone_;
  std::unique_ptr<Book> book_;
};

}  // namespace patron::internal
