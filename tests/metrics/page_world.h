// A random book with columns of every kind, for tests that compare whole pages with one customer at
// a time.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/metrics/page_metrics.h"
#include "patron/book.h"

namespace patron::internal {

inline constexpr int kSales = 0, kTalks = 1;
/// As MetricSpec numbers them, in both streams.
enum PageColumn : int {
  kTimeAt,
  kAmountOf,
  kMarginOf,
  kRatioOf,
  kPiecesOf,
  kWordOf,    ///< an open enum
  kSizeOf,    ///< a closed enum
  kTraitsOf,  ///< an enum_set
  kThemesOf,  ///< texts that are sets
  kNoteOf,
  kDueOf,
  kSeenOf,
  kTookOf,
  kGiftOf,
  kFriendOf,   ///< a customer
  kNothingOf,  ///< always null
  kPageColumns,
};

/// What the random events look like.
struct PageWorldOptions {
  uint64_t seed = 1;
  std::string zone = "America/St_Johns";
  int64_t customers = 600;
  bool text_ids = false;
  bool huge_amounts = false;  ///< whose sums leave 64 bits
  bool links = true;
};

class PageWorld {
 public:
  explicit PageWorld(const PageWorldOptions& options)
      : options_(options), zone_(*TimeZone::load(options.zone)), random_(options.seed) {
    BookSpec spec;
    spec.customer = options.text_ids ? Kind::kString : Kind::kInt64;
    spec.zone = zone_;
    for (const char* name : {"orders", "talks"}) spec.streams.push_back(stream(name));
    for (BookStream& one : spec.streams) {
      one.columns[kFriendOf - 1].field.kind = spec.customer;
      one.columns[kFriendOf - 1].customer = true;
    }
    book_ = std::make_unique<Book>(*BookLayout::make(std::move(spec)));
    for (const int part : {1, 2, 3}) fill(part);
    if (options.links) link();
    for (const int one : {kSales, kTalks}) {
      PageMetricStream made;
      made.log = {one, false};
      made.name = one == kSales ? "orders" : "talks";
      made.schema = schema();
      made.columns = names();
      made.rules.refunds = one == kSales;
      made.rules.open_sets = {"themes"};
      streams_.push_back(std::move(made));
    }
  }

  static const std::vector<std::string>& names() {
    static const std::vector<std::string> all{
        "time",   "amount", "margin", "ratio", "pieces", "word", "size",   "traits",
        "themes", "note",   "due",    "seen",  "took",   "gift", "friend", "nothing"};
    return all;
  }
  Schema schema() const {
    std::vector<FieldSpec> fields;
    for (const BookColumn& column : stream("orders").columns) fields.push_back(column.field);
    fields[kFriendOf - 1].kind = options_.text_ids ? Kind::kString : Kind::kInt64;
    FieldSpec time;
    time.name = "time";
    time.kind = Kind::kTimestamp;
    fields.push_back(time);
    return *Schema::make(std::move(fields), zone_);
  }
  Expression where(std::string_view text) const {
    Result<Expression> parsed = Expression::parse(text, schema());
    EXPECT_TRUE(parsed.ok()) << text << ": " << parsed.status().message();
    return *std::move(parsed);
  }

  const BookState& state() const { return book_->state(); }
  const TimeZone& zone() const { return zone_; }
  std::span<const PageMetricStream> streams() const { return streams_; }
  Micros now() const { return kBegin + 700 * kMicrosPerDay; }
  /// Somebody's own instants, made up.
  PageAnchors anchors() const {
    PageAnchors out;
    out.joined = [](uint32_t row) -> std::optional<Micros> {
      if (row % 5 == 0) return std::nullopt;
      return kBegin + static_cast<Micros>(row % 400) * kMicrosPerDay;
    };
    out.entered = [](uint32_t row, const std::string& name) -> std::optional<Micros> {
      if (row % 7 == 0) return std::nullopt;
      return kBegin + static_cast<Micros>(row * name.size() % 600) * kMicrosPerDay;
    };
    return out;
  }

 private:
  static constexpr Micros kBegin = 1'640'995'200'000'000;  // 2022-01-01

  static BookStream stream(const char* name) {
    BookStream out;
    out.name = name;
    const std::vector<Kind> kinds{Kind::kMoney,  Kind::kMoney, Kind::kDouble,    Kind::kInt64,
                                  Kind::kEnum,   Kind::kEnum,  Kind::kEnumSet,   Kind::kString,
                                  Kind::kString, Kind::kDate,  Kind::kTimestamp, Kind::kDuration,
                                  Kind::kBool,   Kind::kInt64, Kind::kMoney};
    for (size_t i = 0; i < kinds.size(); ++i) {
      BookColumn column;
      column.field.name = names()[i + 1];
      column.field.kind = kinds[i];
      if (column.field.name == "size") column.field.values = {"small", "large", "medium"};
      if (column.field.name == "traits") column.field.values = {"fast", "kind", "able", "late"};
      out.columns.push_back(std::move(column));
    }
    return out;
  }

  int64_t below(int64_t n) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(n)); }

  // A third of the events of everybody, so that pages have tails.
  void fill(int part) {
    for (const int stream : {kSales, kTalks}) {
      std::vector<std::vector<BookValue>> cells;
      std::vector<BookEvent> events;
      std::vector<std::string> texts;
      texts.reserve(100'000);
      for (int64_t who = 0; who < options_.customers; ++who) {
        // Most have a few, some none, two very many.
        int64_t count = below(5);
        if (stream == kTalks && who % 3 == 0) count = 0;
        if (who == 11 || who == 300) count = 260;
        if (part == 3 && below(4) != 0) count = 0;
        for (int64_t k = 0; k < count; ++k) {
          BookEvent& event = events.emplace_back();
          event.customer = id(who, texts);
          event.time = time();
          cells.push_back(row(texts));
        }
      }
      for (size_t i = 0; i < events.size(); ++i) events[i].values = cells[i];
      ASSERT_LE(texts.size(), 100'000u);
      BookReport report;
      const Status status = book_->add(stream, events, {}, &report);
      ASSERT_TRUE(status.ok()) << status.message();
      ASSERT_EQ(report.refused_rows, 0) << report.refused.front().reason;
    }
  }

  CustomerId id(int64_t who, std::vector<std::string>& texts) {
    CustomerId out;
    if (options_.text_ids) {
      out.text = texts.emplace_back("customer " + std::to_string(who * 7919 % 1'000'003));
    } else {
      out.number = who * 7919 % 1'000'003;
    }
    return out;
  }

  // Instants come together, and some are exactly where windows end.
  Micros time() {
    if (below(4) == 0) return kBegin + below(750) * kMicrosPerDay;
    if (below(6) == 0) return kBegin + below(750) * kMicrosPerDay + 210 * 60 * kMicrosPerSecond;
    return kBegin + below(750 * kMicrosPerDay);
  }

  std::vector<BookValue> row(std::vector<std::string>& texts) {
    const BookValue null;
    const auto maybe = [&](BookValue value) { return below(4) == 0 ? null : value; };
    const int64_t huge = options_.huge_amounts ? int64_t{1} << 61 : 1;
    static const std::vector<std::string> words{"tea",  "coffee",       "a word of many letters",
                                                "milk", "\xC3\xA4pple", "b"};
    static const std::vector<std::string> themes{"fast,friendly", "slow", " kind , fast,,kind",
                                                 "a theme that is long enough, fast"};
    const auto text = [&](const std::vector<std::string>& all) {
      return BookValue(std::string_view(all[random_() % all.size()]));
    };
    const CustomerId other = id(below(options_.customers), texts);
    const std::vector<BookValue> out{
        options_.huge_amounts ? (below(4) - 1) * huge : (below(9) - 2) * 37,
        maybe(options_.huge_amounts ? (below(4) - 1) * huge : below(100) - 40),
        maybe(static_cast<double>(below(1000) - 300) / 7),
        maybe(below(6)),
        maybe(text(words)),
        maybe(BookValue(
            std::string_view(std::vector<const char*>{"small", "large", "medium"}[random_() % 3]))),
        maybe(below(16)),
        maybe(text(themes)),
        maybe(text(words)),
        maybe(18'000 + below(900)),
        maybe(kBegin + below(900) * kMicrosPerHour),
        maybe(below(1000) * kMicrosPerSecond),
        maybe(BookValue(below(2) == 0)),
        maybe(options_.text_ids ? BookValue(other.text) : BookValue(other.number)),
        null};
    return out;
  }

  void link() {
    std::vector<std::string> texts;
    texts.reserve(1000);
    for (int64_t who = 20; who + 40 < options_.customers; who += 37) {
      ASSERT_TRUE(book_->link(id(who, texts), id(who + 40, texts), 1).ok());
    }
  }

  PageWorldOptions options_;
  TimeZone zone_;
  std::mt19937_64 random_;
  std::unique_ptr<Book> book_;
  std::vector<PageMetricStream> streams_;
};

}  // namespace patron::internal
