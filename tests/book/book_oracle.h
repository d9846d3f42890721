// A slow and obvious book: a map from customer to her facts, sorted whenever they are asked for.
// And the random facts that it and the real one are given.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "lib/book/book_state.h"
#include "lib/book/log_view.h"
#include "patron/book.h"

namespace patron::book_test {

using Value = std::variant<std::monostate, bool, int64_t, double, std::string>;

struct Fact {
  Micros time = 0;
  std::vector<Value> values;
  bool operator==(const Fact&) const = default;
};

struct Event {
  std::string customer;  // an int64 id as its digits
  Fact fact;
};

/// PATRON_CASES multiplies the number of random cases.
inline int cases(int usual) {
  const char* factor = std::getenv("PATRON_CASES");
  return factor == nullptr ? usual : std::max(1, static_cast<int>(usual * std::atof(factor)));
}

inline BookColumn book_column(const std::string& name, Kind kind) {
  BookColumn column;
  column.field.name = name;
  column.field.kind = kind;
  return column;
}

/// A stream with a column of every kind; `key` is "", "number" or "text".
inline BookStream wide_stream(const std::string& key) {
  BookStream stream;
  stream.name = "visits";
  stream.key = key;
  stream.columns = {book_column("amount", Kind::kMoney),   book_column("text", Kind::kString),
                    book_column("number", Kind::kInt64),   book_column("open", Kind::kEnum),
                    book_column("closed", Kind::kEnum),    book_column("flag", Kind::kBool),
                    book_column("share", Kind::kDouble),   book_column("day", Kind::kDate),
                    book_column("seen", Kind::kTimestamp), book_column("took", Kind::kDuration),
                    book_column("marks", Kind::kEnumSet)};
  stream.columns[0].sums = true;
  stream.columns[9].sums = true;
  stream.columns[4].field.values = {"zebra", "ant"};
  stream.columns[10].field.values = {"a", "b", "c"};
  return stream;
}

/// Random facts: few instants and few values, so that everything collides.
class RandomFacts {
 public:
  RandomFacts(uint64_t seed, int customers, int keys)
      : random_(seed), customers_(customers), keys_(keys) {}

  size_t below(size_t n) { return random_() % n; }

  Event event() {
    Event event;
    // A third of everything is about customer 0, whose log becomes long.
    const size_t who = below(3) == 0 ? 0 : below(static_cast<size_t>(customers_));
    event.customer = std::to_string(who * 7);
    event.fact.time = static_cast<Micros>(below(200)) * 1000;
    const auto maybe = [&](Value value) { return below(4) == 0 ? Value() : std::move(value); };
    const size_t key = below(static_cast<size_t>(keys_));
    event.fact.values = {
        maybe(static_cast<int64_t>(below(5)) - 2),
        // Every third key is longer than what stands in a cell.
        (key % 3 == 0 ? "a key of many bytes, number " : "k") + std::to_string(key),
        static_cast<int64_t>(key),
        maybe("kind " + std::to_string(below(4))),
        maybe(std::string(below(2) == 0 ? "ant" : "zebra")),
        maybe(below(2) == 0),
        maybe(below(3) == 0 ? -0.0 : static_cast<double>(below(3)) / 4),
        maybe(static_cast<int64_t>(below(3)) - 1),
        maybe(static_cast<int64_t>(below(3)) * 5),
        maybe(static_cast<int64_t>(below(3)) * 7),
        maybe(static_cast<int64_t>(below(8))),
    };
    return event;
  }

 private:
  std::mt19937_64 random_;
  int customers_, keys_;
};

/// The book in its slowest form.
class Oracle {
 public:
  explicit Oracle(int key) : key_(key) {}

  /// 0 new, 1 duplicate, 2 correction.
  int add(const Event& event) {
    std::vector<Fact>& facts = facts_[event.customer];
    if (key_ >= 0) {
      for (Fact& fact : facts) {
        if (fact.values[static_cast<size_t>(key_)] !=
            event.fact.values[static_cast<size_t>(key_)]) {
          continue;
        }
        if (same(fact, event.fact)) return 1;
        fact = event.fact;
        return 2;
      }
    }
    facts.push_back(event.fact);
    return 0;
  }
  bool remove(const std::string& customer, const Value& key) {
    std::vector<Fact>& facts = facts_[customer];
    const auto found = std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) {
      return fact.values[static_cast<size_t>(key_)] == key;
    });
    if (found == facts.end()) return false;
    facts.erase(found);
    return true;
  }
  void forget(const std::string& customer) { facts_.erase(customer); }

  std::vector<Fact> log(const std::string& customer) const {
    const auto found = facts_.find(customer);
    std::vector<Fact> facts = found == facts_.end() ? std::vector<Fact>() : found->second;
    std::sort(facts.begin(), facts.end(), [&](const Fact& a, const Fact& b) { return less(a, b); });
    return facts;
  }
  const std::map<std::string, std::vector<Fact>>& facts() const { return facts_; }

 private:
  static int compare(const Value& a, const Value& b) {
    if (a.index() != b.index()) return a.index() < b.index() ? -1 : 1;  // null is index 0
    if (const auto* x = std::get_if<double>(&a)) {
      const double y = std::get<double>(b);
      if (*x != y) return *x < y ? -1 : 1;
      return std::signbit(*x) == std::signbit(y) ? 0 : std::signbit(*x) ? -1 : 1;
    }
    return a < b ? -1 : b < a ? 1 : 0;
  }
  static bool same(const Fact& a, const Fact& b) {
    if (a.time != b.time) return false;
    for (size_t c = 0; c < a.values.size(); ++c) {
      if (compare(a.values[c], b.values[c]) != 0) return false;
    }
    return true;
  }
  bool less(const Fact& a, const Fact& b) const {
    if (a.time != b.time) return a.time < b.time;
    if (key_ >= 0) {
      const auto k = static_cast<size_t>(key_);
      if (const int order = compare(a.values[k], b.values[k]); order != 0) return order < 0;
    }
    for (size_t c = 0; c < a.values.size(); ++c) {
      if (const int order = compare(a.values[c], b.values[c]); order != 0) return order < 0;
    }
    return false;
  }

  int key_;
  std::map<std::string, std::vector<Fact>> facts_;
};

/// One fact of a run, read cell by cell.
inline Fact fact_of(const internal::LogRun& run, size_t i, const internal::StreamLayout& layout,
                    const internal::RowOrder& order) {
  using internal::CellType;
  Fact fact;
  fact.time = run.times()[i];
  for (int c = 0; c < static_cast<int>(layout.columns.size()); ++c) {
    const internal::CellColumn& column = layout.columns[static_cast<size_t>(c)];
    if (run.null(c, i)) {
      fact.values.emplace_back();
      continue;
    }
    switch (column.cell) {
      case CellType::kByte:
        fact.values.emplace_back(run.cells<uint8_t>(c)[i] != 0);
        break;
      case CellType::kDay:
        fact.values.emplace_back(int64_t{run.cells<int32_t>(c)[i]});
        break;
      case CellType::kCode:
        fact.values.emplace_back(std::string(order.enum_text(c, run.cells<uint32_t>(c)[i])));
        break;
      case CellType::kCustomer:
        fact.values.emplace_back(int64_t{run.cells<uint32_t>(c)[i]});
        break;
      case CellType::kInt:
        fact.values.emplace_back(run.cells<int64_t>(c)[i]);
        break;
      case CellType::kDouble:
        fact.values.emplace_back(run.cells<double>(c)[i]);
        break;
      case CellType::kBits:
        fact.values.emplace_back(static_cast<int64_t>(run.cells<uint64_t>(c)[i]));
        break;
      case CellType::kText:
        fact.values.emplace_back(std::string(run.text(c, i)));
        break;
    }
  }
  return fact;
}

inline std::string show(const Fact& fact) {
  std::ostringstream out;
  out << fact.time;
  for (const Value& value : fact.values) {
    out << '|';
    std::visit(
        [&](const auto& v) {
          if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::monostate>) {
            out << "null";
          } else if constexpr (std::is_same_v<std::decay_t<decltype(v)>, double>) {
            out << (std::signbit(v) ? "-" : "+") << std::abs(v);
          } else {
            out << v;
          }
        },
        value);
  }
  return out.str();
}

/// Every fact of a log as a line.
inline std::vector<std::string> lines_of(internal::LogView view,
                                         const internal::StreamLayout& layout,
                                         const internal::RowOrder& order) {
  std::vector<std::string> lines;
  for (const internal::LogRun& run : view) {
    for (size_t i = 0; i < run.size; ++i) lines.push_back(show(fact_of(run, i, layout, order)));
  }
  return lines;
}
inline std::vector<std::string> lines_of(const std::vector<Fact>& facts) {
  std::vector<std::string> lines;
  for (const Fact& fact : facts) lines.push_back(show(fact));
  return lines;
}

/// Hands events to the book; ids as the book has them.
inline Status give(Book& book, int stream, const std::vector<Event>& events,
                   const AddOptions& options, BookReport& report) {
  std::vector<std::vector<BookValue>> values;
  std::vector<BookEvent> given;
  const bool text = book.layout().spec().customer == Kind::kString;
  for (const Event& event : events) {
    std::vector<BookValue>& row = values.emplace_back();
    for (const Value& value : event.fact.values) {
      std::visit(
          [&](const auto& v) {
            if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>) {
              row.emplace_back(std::string_view(v));
            } else {
              row.emplace_back(v);
            }
          },
          value);
    }
  }
  for (size_t i = 0; i < events.size(); ++i) {
    BookEvent event;
    if (text) {
      event.customer.text = events[i].customer;
    } else {
      event.customer.number = std::stoll(events[i].customer);
    }
    event.time = events[i].fact.time;
    event.values = values[i];
    given.push_back(event);
  }
  return book.add(stream, given, options, &report);
}

inline CustomerId id_of(const Book& book, const std::string& customer) {
  if (book.layout().spec().customer == Kind::kString) return {0, customer};
  return {std::stoll(customer), {}};
}

}  // namespace patron::book_test
