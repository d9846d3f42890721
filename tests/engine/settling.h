// A policy, a book with orders and surveys, and a settler over both: for tests below the engine.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/engine/book_spec.h"
#include "lib/engine/settle/settle.h"
#include "tests/engine/population.h"

namespace patron::population {

struct Shelf {
  Shelf(Policy of, const std::vector<Sale>& sales, const std::vector<Answer>& answers = {})
      : policy(std::move(of)),
        book(*BookLayout::make(internal::book_spec(policy.data()))),
        settler(policy.data(), book.state()) {
    BookReport report;
    expect_ok(book.add("orders", table_of(sales), {}, &report));
    if (!answers.empty()) expect_ok(book.add("surveys", table_of(answers), {}, &report));
  }
  internal::ModelValues& at(int64_t customer, Micros now) {
    const CustomerId id{customer, {}};
    settler.models().begin(book.find(id), id, now);
    return settler.models();
  }
  const internal::PolicyModel& model(size_t i = 0) const { return policy.data().models[i]; }
  internal::MetricValue value(int64_t customer, Micros now, std::string_view name) {
    size_t i = 0;
    while (policy.data().values[i].tag.name != name) ++i;
    return at(customer, now).value(i, [](std::string_view) { return std::nullopt; });
  }

  Policy policy;
  Book book;
  internal::Settler settler;
};

}  // namespace patron::population
