// Random facts for a policy: every stream, every column, every attribute, by kind.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "lib/engine/book_spec.h"
#include "patron/book.h"
#include "patron/policy.h"

namespace patron::internal {

/// One of examples/policies; tests run in the root of the repository.
inline Policy shipped_policy(const std::string& name) {
  std::ifstream file("examples/policies/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  CheckedPolicy checked = Policy::check(text.str());
  EXPECT_TRUE(checked.policy.has_value()) << name;
  return *std::move(checked.policy);
}

class EngineFacts {
 public:
  static constexpr Micros kBegin = 1'640'995'200'000'000;  // 2022-01-01

  EngineFacts(Book& into, uint64_t seed, int64_t customers)
      : book(into), random_(seed), customers_(customers) {
    const LayoutData& layout = book.layout().data();
    for (const int part : {1, 2}) {
      for (size_t s = 0; s < layout.streams.size(); ++s) {
        fill(layout.streams[s], static_cast<int>(s), part);
      }
    }
    for (const StreamLayout& attribute : layout.attributes) {
      if (below(3) != 0) set(attribute);
    }
  }

  Book& book;
  std::vector<BookEffect> effects;  ///< of every fact

 private:
  int64_t below(int64_t n) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(n)); }

  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  CustomerId customer(int64_t who) {
    CustomerId out;
    out.number = who;
    out.text = keep("c" + std::to_string(who * 7919 % 1'000'003));
    return out;
  }

  BookValue value(const CellColumn& column) {
    if (column.nullable && below(6) == 0) return {};
    static const std::vector<std::string> kWords{"toys", "art",  "books",     "view", "order",
                                                 "nps",  "cart", "complaint", "csat", "visit"};
    switch (column.cell) {
      case CellType::kByte:
        return below(2) == 0;
      case CellType::kDay:
        return 10'000 + below(9'000);
      case CellType::kCode:
        return std::string_view(column.values.empty()
                                    ? kWords[random_() % kWords.size()]
                                    : column.values[random_() % column.values.size()]);
      case CellType::kCustomer: {
        const CustomerId id = customer(below(customers_));
        return column.kind == Kind::kInt64 ? BookValue(id.number) : BookValue(id.text);
      }
      case CellType::kInt:
        if (column.kind == Kind::kTimestamp) return kBegin + below(700 * kMicrosPerDay);
        if (column.kind == Kind::kDuration) return below(1000) * kMicrosPerSecond;
        if (column.kind == Kind::kMoney) return below(500) - 60;
        return below(11);
      case CellType::kDouble:
        return static_cast<double>(below(100)) / 10;
      case CellType::kBits:
        return below(int64_t{1} << column.values.size());
      case CellType::kText:
        // What a refund gives back.
        if (column.name == "original") return keep("k" + std::to_string(below(next_key_)));
        return keep(below(2) == 0 ? "Ulm" : "fast, friendly");
    }
    return {};
  }

  void fill(const StreamLayout& layout, int stream, int part) {
    for (int64_t who = 0; who < customers_; ++who) {
      for (int64_t k = below(part == 1 ? 8 : 2); k > 0; --k) {
        std::vector<BookValue> cells;
        for (size_t c = 0; c < layout.columns.size(); ++c) {
          const bool key = static_cast<int>(c) == layout.key;
          if (!key) {
            cells.push_back(value(layout.columns[c]));
          } else if (layout.columns[c].kind == Kind::kInt64) {
            cells.emplace_back(next_key_++);
          } else {
            cells.emplace_back(keep("k" + std::to_string(next_key_++)));
          }
        }
        BookEvent event;
        event.customer = customer(who);
        event.time = kBegin + below(700 * kMicrosPerDay);
        event.values = cells;
        BookReport report;
        const Status status = book.add(stream, {&event, 1}, {}, &report);
        ASSERT_TRUE(status.ok()) << layout.name << ": " << status.message();
        effects.insert(effects.end(), report.effects.begin(), report.effects.end());
      }
    }
  }

  void set(const StreamLayout& attribute) {
    for (int64_t who = 0; who < customers_; who += 1 + below(3)) {
      const CustomerId id = customer(who);
      const bool number = book.layout().spec().customer == Kind::kInt64;
      std::vector<std::string> texts{std::string(id.text), text(attribute.columns[0])};
      std::vector<int64_t> wide{who, kBegin + below(700 * kMicrosPerDay), below(9'000)};
      const std::vector<int32_t> ends{0, static_cast<int32_t>(texts[0].size())};
      const std::vector<int32_t> text_ends{0, static_cast<int32_t>(texts[1].size())};
      const double real = static_cast<double>(below(100)) / 10;
      const auto bit = static_cast<uint8_t>(below(2));
      const auto day = static_cast<int32_t>(10'000 + wide[2]);
      std::vector<ColumnView> views(3);
      const auto view = [&](size_t at, std::string_view name, Type type, const void* values) {
        views[at].name = name;
        views[at].type.type = type;
        views[at].chunk.length = 1;
        views[at].chunk.values = values;
      };
      const auto texts_view = [&](size_t at, std::string_view name, const std::string& bytes,
                                  const std::vector<int32_t>& offsets) {
        view(at, name, Type::kString, nullptr);
        views[at].chunk.offsets = offsets.data();
        views[at].chunk.bytes = reinterpret_cast<const uint8_t*>(bytes.data());
      };
      view(0, "customer", Type::kInt64, &wide[0]);
      if (!number) texts_view(0, "customer", texts[0], ends);
      view(1, "time", Type::kTimestamp, &wide[1]);
      views[1].type.zone = "UTC";
      switch (attribute.columns[0].kind) {
        case Kind::kBool:
          view(2, attribute.name, Type::kBool, &bit);
          break;
        case Kind::kDouble:
        case Kind::kMoney:
          view(2, attribute.name, Type::kDouble, &real);
          break;
        case Kind::kEnumSet:
          wide[2] = below(int64_t{1} << attribute.columns[0].values.size());
          view(2, attribute.name, Type::kInt64, &wide[2]);
          break;
        case Kind::kInt64:
          view(2, attribute.name, Type::kInt64, &wide[2]);
          break;
        case Kind::kDate:
          view(2, attribute.name, Type::kDate32, &day);
          break;
        case Kind::kTimestamp:
          view(2, attribute.name, Type::kTimestamp, &wide[1]);
          views[2].type.zone = "UTC";
          break;
        default:
          texts_view(2, attribute.name, texts[1], text_ends);
      }
      BookReport report;
      const Status status = book.set(*make_table(views), {}, &report);
      ASSERT_TRUE(status.ok()) << attribute.name << ": " << status.message();
      effects.insert(effects.end(), report.effects.begin(), report.effects.end());
      ASSERT_EQ(report.refused_rows, 0) << attribute.name << ": " << report.refused[0].reason;
      // Of every fifth customer the value is withdrawn some days later.
      const uint8_t nothing = 0;
      if (who % 5 != 0) continue;
      wide[1] += 40 * kMicrosPerDay;
      views[2].chunk.validity = &nothing;
      views[2].chunk.null_count = 1;
      ASSERT_TRUE(book.set(*make_table(views), {.nulls = AttributeNulls::kClear}, &report).ok());
      ASSERT_EQ(report.accepted, 1);
      effects.insert(effects.end(), report.effects.begin(), report.effects.end());
    }
  }

  std::string text(const CellColumn& column) {
    if (!column.values.empty()) return column.values[random_() % column.values.size()];
    return below(2) == 0 ? "Ulm" : "fast, friendly";
  }

  std::mt19937_64 random_;
  int64_t customers_;
  int64_t next_key_ = 1;
  std::deque<std::string> texts_;
};

struct EngineWorld {
  static constexpr Micros kBegin = EngineFacts::kBegin;
  EngineWorld(const Policy& policy, uint64_t seed, int64_t customers = 400)
      : book(*BookLayout::make(book_spec(policy.data()))), facts(book, seed, customers) {}
  Book book;
  EngineFacts facts;
};

}  // namespace patron::internal
