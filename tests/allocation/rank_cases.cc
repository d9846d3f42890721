// A/B/C, top percent, top n.
#include <memory>

#include "tests/allocation/attempt.h"
#include "tests/allocation/inputs.h"

namespace patron::test {
namespace {

using Shared = std::shared_ptr<Inputs>;

Shared values() {
  auto out = std::make_shared<Inputs>();
  out->add("amount", PATRON_TYPE_DOUBLE, std::vector<double>{30, 20, 15.5, 9.9, 12, 60.1});
  out->add("orders", PATRON_TYPE_INT64, std::vector<int64_t>{3, 2, 1, 1, 2, -6});
  out->nulls("111011");
  std::vector<int64_t> decimal;  // two words each, low first
  for (int64_t i = 1; i <= 6; ++i) decimal.insert(decimal.end(), {i * 100, 0});
  patron_column& price = out->add("price", PATRON_TYPE_DECIMAL128, std::move(decimal));
  price.length = 6;
  price.precision = 10;
  price.scale = 2;
  return out;
}

struct Asked {
  std::vector<double> shares, percents;
  std::vector<int64_t> top;
};

patron_status compute(const Shared& inputs, const std::string& column, const Asked& asked,
                      patron_rank** out, patron_error* error) {
  patron_rank_options options = PATRON_RANK_OPTIONS_INIT;
  options.shares = asked.shares.data();
  options.share_count = asked.shares.size();
  options.top_percents = asked.percents.data();
  options.top_percent_count = asked.percents.size();
  options.top = asked.top.empty() ? nullptr : asked.top.data();
  return patron_rank_compute(inputs->table(), column.data(), column.size(), &options, out, error);
}

Shared made_values() {
  static const Shared made = values();
  return made;
}

Case rank(const char* name, std::string column, Asked asked, patron_status expected = PATRON_OK) {
  return {"patron_rank_compute", name,
          [column, asked](Attempt& attempt) {
            const Shared inputs = made_values();
            (void)inputs->table();
            attempt.hand_out<patron_rank>([&](patron_rank** out, patron_error* error) {
              return compute(inputs, column, asked, out, error);
            });
          },
          expected};
}

Rank ranked() {
  patron_rank* out = nullptr;
  EXPECT_EQ(compute(made_values(), "amount", {{0.8, 0.95}, {}, {}}, &out, nullptr), PATRON_OK);
  return Rank(out);
}

}  // namespace

std::vector<Case> rank_cases() {
  return {
      rank("shares of doubles", "amount", {{0.8, 0.95}, {}, {}}),
      rank("percents of integers with a null", "orders", {{}, {20, 50}, {}}),
      rank("seats by decimals", "price", {{}, {}, {2}}),
      rank("shares of decimals", "price", {{0.5}, {}, {}}),
      rank("shares of a negative value", "orders", {{0.5}, {}, {}}, PATRON_E_ARGUMENT),
      rank("no such column", "amuont", {{0.5}, {}, {}}, PATRON_E_COLUMN),
      rank("shares that decrease", "amount", {{0.9, 0.5}, {}, {}}, PATRON_E_ARGUMENT),
      {"patron_rank_table", "a ranking",
       [](Attempt& attempt) {
         const Rank rank = ranked();
         attempt.hand_out<patron_table>([&](patron_table** out, patron_error* error) {
           return patron_rank_table(rank.get(), out, error);
         });
       }},
      {"patron_rank_describe", "a ranking",
       [](Attempt& attempt) {
         const Rank rank = ranked();
         patron_rank_summary summary = PATRON_RANK_SUMMARY_INIT;
         attempt.call(
             [&](patron_error* error) { return patron_rank_describe(rank.get(), &summary, error); },
             [&] {
               return std::to_string(summary.ranked) + " " + std::to_string(summary.class_count);
             });
       }},
      {"patron_rank_close", "a ranking",
       [](Attempt& attempt) {
         patron_rank* rank = ranked().release();
         attempt.nothing([&] { patron_rank_close(rank); });
       }},
  };
}

}  // namespace patron::test
