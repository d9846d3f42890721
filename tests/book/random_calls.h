// Random calls of a book, each a function of its seed: the same calls on two books, or again after
// one that failed. What a call gave, and what a book holds, as text.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/book/book_oracle.h"

namespace patron::book_test {

/// A book with everything: events of every kind, referrals, attributes, identity keys.
inline BookSpec full_spec(Kind customer, const std::string& key) {
  BookSpec spec;
  spec.customer = customer;
  spec.streams = {wide_stream(key), *built_in_stream("referrals", spec)};
  BookAttribute region, birth, note;
  region.field.name = "region";
  region.field.kind = Kind::kEnum;
  birth.field.name = "birth";
  birth.field.kind = Kind::kDate;
  note.field.name = "note";
  note.field.kind = Kind::kString;
  spec.attributes = {region, birth, note};
  spec.keys = {{"member", KeyForm::kExact}, {"phone", KeyForm::kPhone}};
  spec.country_code = "86";
  return spec;
}

class RandomCall {
 public:
  /// `customers`: how many there are in all.
  RandomCall(uint64_t seed, int customers)
      : random_(seed), seed_(seed), customers_(customers), kind_(below(14)) {}

  /// Whether what fails on the way may have done a part: settling keys and forgetting.
  bool partial() const { return kind_ == 11 || kind_ == 12; }

  /// Does the book's call itself, and nothing of what prepares it: to let it fail.
  using Around = std::function<void(const std::function<void()>&)>;
  void set_around(Around around) { around_ = std::move(around); }

  /// Does it; what came out as text. The same every time.
  std::string apply(Book& book) {
    random_.seed(seed_);
    (void)below(14);
    options_.clock = static_cast<Micros>(below(200)) * 1000;
    options_.quiet = below(4) == 0;
    options_.nulls = below(2) == 0 ? AttributeNulls::kClear : AttributeNulls::kIgnore;
    switch (kind_) {
      case 0:
      case 1:
      case 2:
        return add(book, 1 + below(40));
      case 3:
        return add(book, below(8) == 0 ? 4097 + below(3000) : 1 + below(400));
      case 4:
        return remove(book);
      case 5:
      case 6:
        return set(book);
      case 7:
        return link(book);
      case 8:
        return unlink(book);
      case 9:
      case 10:
        return claim(book);
      case 11:
        return settle(book);
      case 12:
        return forget(book);
      default:
        return refer(book);
    }
  }

 private:
  size_t below(size_t n) { return random_() % n; }
  std::string someone() {
    const size_t who = below(3) == 0 ? 0 : below(static_cast<size_t>(customers_));
    return std::to_string(who * 7);
  }

  static std::string show_report(const Status& status, const BookReport& report) {
    std::ostringstream out;
    out << static_cast<int>(status.code()) << ' ' << report.rows << ' ' << report.accepted << ' '
        << report.duplicates << ' ' << report.corrected << ' ' << report.deleted << ' '
        << report.unknown << ' ' << report.refused_rows << ' ' << report.late << ' '
        << report.waiting;
    for (const BookRefusal& one : report.refused) {
      out << '\n' << one.row << ' ' << one.column << ' ' << one.reason;
    }
    for (const BookEffect& one : report.effects) {
      out << '\n'
          << one.customer << ' ' << one.at << ' ' << one.fact_time << ' ' << one.late
          << one.corrected << one.quiet;
    }
    return out.str();
  }

  std::string add(Book& book, size_t count) {
    RandomFacts facts(random_(), customers_, 40);
    std::vector<Event> events;
    for (size_t i = 0; i < count; ++i) events.push_back(facts.event());
    std::vector<std::vector<BookValue>> values(count);
    std::vector<BookEvent> given(count);
    for (size_t i = 0; i < count; ++i) {
      for (const Value& value : events[i].fact.values) values[i].push_back(viewed(value));
      given[i].customer = id_of(book, events[i].customer);
      given[i].time = events[i].fact.time;
      given[i].values = values[i];
    }
    BookReport report;
    Status status;
    around_([&] { status = book.add(0, given, options_, &report); });
    return show_report(status, report);
  }
  static BookValue viewed(const Value& value) {
    return std::visit(
        [](const auto& v) -> BookValue {
          if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>) {
            return std::string_view(v);
          } else {
            return v;
          }
        },
        value);
  }

  Table with_customers(TableBuilder builder, const Book& book,
                       const std::vector<std::vector<std::string>>& columns,
                       const std::vector<std::string>& names) {
    for (size_t c = 0; c < names.size(); ++c) {
      if (book.layout().spec().customer == Kind::kString) {
        builder.strings(names[c], columns[c]);
        continue;
      }
      std::vector<int64_t> ids;
      for (const std::string& id : columns[c]) ids.push_back(std::stoll(id));
      builder.int64(names[c], std::move(ids));
    }
    return *builder.finish();
  }

  std::string remove(Book& book) {
    const std::string& key = book.layout().spec().streams[0].key;
    if (key.empty()) return "";
    std::vector<std::string> who, texts;
    std::vector<int64_t> numbers;
    for (size_t i = 0; i < 5; ++i) {
      who.push_back(someone());
      const size_t number = below(40);
      numbers.push_back(static_cast<int64_t>(number));
      texts.push_back((number % 3 == 0 ? "a key of many bytes, number " : "k") +
                      std::to_string(number));
    }
    TableBuilder builder;
    if (key == "text") {
      builder.strings("text", texts);
    } else {
      builder.int64("number", numbers);
    }
    BookReport report;
    const Table table = with_customers(std::move(builder), book, {who}, {"customer"});
    Status status;
    around_([&] { status = book.remove("visits", table, options_, &report); });
    return show_report(status, report);
  }

  std::string set(Book& book) {
    std::vector<std::string> who;
    std::vector<std::optional<std::string>> regions, births, notes;
    std::vector<Micros> times;
    for (size_t i = 1 + below(20); i > 0; --i) {
      who.push_back(someone());
      times.push_back(static_cast<Micros>(below(50)) * 1000);
      const auto maybe = [&](std::string text) {
        return below(3) == 0 ? std::nullopt : std::optional<std::string>(std::move(text));
      };
      regions.push_back(maybe("region " + std::to_string(below(6))));
      births.push_back(maybe("199" + std::to_string(below(10)) + "-01-02"));
      notes.push_back(maybe(std::string(below(40), 'x')));
    }
    TableBuilder builder;
    builder.timestamps("time", times, "UTC")
        .strings("region", regions)
        .strings("birth", births)
        .strings("note", notes);
    BookReport report;
    const Table table = with_customers(std::move(builder), book, {who}, {"customer"});
    Status status;
    around_([&] { status = book.set(table, options_, &report); });
    return show_report(status, report);
  }

  std::string link(Book& book) {
    const std::string first = someone(), second = someone();
    const CustomerId one = id_of(book, first), other = id_of(book, second);
    const uint64_t token = random_() % 1000;
    Result<BookLink> made = BookLink();
    around_([&] { made = book.link(one, other, token); });
    if (!made.ok()) return made.status().message();
    return std::to_string(made->survivor) + " " + std::to_string(made->other) + " " +
           std::to_string(made->done);
  }

  std::string unlink(Book& book) {
    // Mostly one that was made: both ends of a link there is.
    std::vector<std::pair<uint32_t, uint32_t>> links;
    if (book.state().links != nullptr) {
      book.state().links->for_each_link(
          [&](uint32_t a, uint32_t b, uint64_t) { links.emplace_back(a, b); });
    }
    if (links.empty()) return "";
    const auto [a, b] = links[below(links.size())];
    const CustomerId one = book.id(a), other = book.id(b);
    Result<BookSplit> made = BookSplit();
    around_([&] { made = book.unlink(one, other); });
    if (!made.ok()) return made.status().message();
    return std::to_string(made->first) + " " + std::to_string(made->second) + " " +
           std::to_string(made->token);
  }

  std::string claim(Book& book) {
    std::vector<std::string> who;
    std::vector<std::optional<std::string>> members, phones;
    std::vector<Micros> times;
    for (size_t i = 1 + below(6); i > 0; --i) {
      who.push_back(someone());
      times.push_back(static_cast<Micros>(below(50)) * 1000);
      const auto maybe = [&](std::string text) {
        return below(3) == 0 ? std::nullopt : std::optional<std::string>(std::move(text));
      };
      members.push_back(maybe("m" + std::to_string(below(20))));
      phones.push_back(maybe("1380000000" + std::to_string(below(12))));
    }
    TableBuilder builder;
    builder.timestamps("time", times, "UTC").strings("member", members).strings("phone", phones);
    BookReport report;
    const Table table = with_customers(std::move(builder), book, {who}, {"customer"});
    Status status;
    around_([&] { status = book.claim(table, options_, &report); });
    return show_report(status, report);
  }

  std::string settle(Book& book) {
    std::vector<BookKeyLink> met;
    const Micros now = static_cast<Micros>(below(60)) * 1000;
    Status status;
    around_([&] { status = book.settle_keys(now, 500, &met); });
    std::ostringstream out;
    out << static_cast<int>(status.code());
    for (const BookKeyLink& one : met) {
      out << '\n'
          << one.key << ' ' << one.done << ' ' << one.stronger << ' ' << one.survivor << ' '
          << one.other << ' ' << one.first << ' ' << one.second << ' ' << one.token;
    }
    return out.str();
  }

  std::string forget(Book& book) {
    std::ostringstream out;
    const std::string who = someone();
    std::vector<uint32_t> rows;
    around_([&] { rows = book.forget(id_of(book, who)); });
    for (const uint32_t row : rows) out << row << ' ';
    return out.str();
  }

  std::string refer(Book& book) {
    std::vector<std::string> referrers, referred;
    std::vector<Micros> times;
    for (size_t i = 1 + below(6); i > 0; --i) {
      referrers.push_back(someone());
      referred.push_back(someone());
      times.push_back(static_cast<Micros>(below(3)) * 1000);
    }
    TableBuilder builder;
    builder.timestamps("time", times, "UTC");
    BookReport report;
    const Table table =
        with_customers(std::move(builder), book, {referrers, referred}, {"referrer", "referred"});
    Status status;
    around_([&] { status = book.add("referrals", table, options_, &report); });
    return show_report(status, report);
  }

  std::mt19937_64 random_;
  uint64_t seed_;
  int customers_;
  size_t kind_;
  AddOptions options_;
  Around around_ = [](const std::function<void()>& call) { call(); };
};

/// Everything that a reader sees, row by row.
inline std::string show_book(const Book& book) {
  const internal::BookState& state = book.state();
  std::ostringstream out;
  out << book.customers();
  for (uint32_t row = 0; row < book.customers(); ++row) {
    const CustomerId id = book.id(row);
    out << "\n#" << row << ' ' << id.number << ' ' << id.text << ' ' << book.survivor(row) << ' '
        << (book.find(id) == row);
  }
  const auto log = [&](const internal::LogState& of, internal::LogReader reader) {
    const internal::RowOrder order = of.order(*state.ids);
    for (uint32_t row = 0; row < book.customers(); ++row) {
      for (const std::string& line : lines_of(reader.read(row), *of.layout, order)) {
        out << '\n' << of.layout->name << ' ' << row << ' ' << line;
      }
    }
  };
  for (size_t s = 0; s < state.streams.size(); ++s) {
    log(state.streams[s], internal::LogReader(state, static_cast<int>(s)));
  }
  for (size_t a = 0; a < state.attributes.size(); ++a) {
    log(state.attributes[a], internal::LogReader::of_attribute(state, static_cast<int>(a)));
  }
  if (state.links != nullptr) {
    state.links->for_each_link([&](uint32_t first, uint32_t second, uint64_t token) {
      out << "\nlink " << first << ' ' << second << ' ' << token;
    });
  }
  return out.str();
}

}  // namespace patron::book_test
