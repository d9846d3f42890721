// Every option reaches the computation, and every result comes back. What the numbers mean in depth
// is tested with lib/models/rfm.
#include <cmath>
#include <cstring>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

using Numbers = std::vector<int64_t>;
using Texts = std::vector<std::string>;

class Computed {
 public:
  Computed(const patron_table* orders, const patron_rfm_options& options) {
    patron_error error = PATRON_ERROR_INIT;
    patron_rfm* made = nullptr;
    EXPECT_EQ(patron_rfm_compute(orders, &options, &made, &error), PATRON_OK) << error.message;
    rfm.reset(made);
    patron_table* scored = nullptr;
    EXPECT_EQ(patron_rfm_table(made, &scored, nullptr), PATRON_OK);
    table.reset(scored);
    EXPECT_EQ(patron_rfm_counts(made, &counts, nullptr), PATRON_OK);
  }
  Numbers int64s(const char* name) const { return values_of<int64_t>(table.get(), name); }
  std::vector<int32_t> codes() const { return values_of<int32_t>(table.get(), "code"); }

  Rfm rfm;
  Table table;
  patron_rfm_summary counts = PATRON_RFM_SUMMARY_INIT;
};

class RfmCompute : public testing::Test {
 protected:
  Computed compute() { return {orders_.table().get(), options_}; }
  patron_status refused(patron_error* error) {
    const Table table = orders_.table();
    patron_rfm* rfm = reinterpret_cast<patron_rfm*>(-1);
    const patron_status status = patron_rfm_compute(table.get(), &options_, &rfm, error);
    EXPECT_EQ(rfm, nullptr);
    return status;
  }
  void expect_refused(patron_status wanted, const char* says) {
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(refused(&error), wanted) << error.message;
    EXPECT_NE(std::strstr(error.message, says), nullptr) << error.message;
  }
  Orders orders_;
  patron_rfm_options options_ = orders_options();
};

// By hand: day 20490 is the newest; the type 7 quantiles of {0, 6, 20} days at 1/5 to 4/5 are 2.4,
// 4.8, 8.8 and 14.4, those of {1550, 5000, 8200} cents 2930, 4310, 5640 and 6920.
TEST_F(RfmCompute, ScoresOrdersByHand) {
  const Computed got = compute();
  EXPECT_EQ(got.int64s("customer"), (Numbers{1, 2, 3}));
  EXPECT_EQ(got.int64s("orders"), (Numbers{2, 1, 3}));
  EXPECT_EQ(got.int64s("order_days"), (Numbers{2, 1, 3}));
  EXPECT_EQ(got.int64s("recency_days"), (Numbers{6, 20, 0}));
  EXPECT_EQ(got.int64s("frequency"), (Numbers{2, 1, 3}));
  EXPECT_EQ(got.int64s("monetary_minor"), (Numbers{5000, 1550, 8200}));
  EXPECT_EQ(values_of<double>(got.table.get(), "monetary"), (std::vector<double>{50, 15.5, 82}));
  EXPECT_EQ(values_of<int8_t>(got.table.get(), "r"), (std::vector<int8_t>{3, 1, 5}));
  EXPECT_EQ(values_of<int8_t>(got.table.get(), "f"), (std::vector<int8_t>{3, 1, 5}));
  EXPECT_EQ(values_of<int8_t>(got.table.get(), "m"), (std::vector<int8_t>{3, 1, 5}));
  EXPECT_EQ(got.codes(), (std::vector<int32_t>{333, 111, 555}));
  EXPECT_EQ(got.int64s("first_order")[0], int64_t{20454} * 86'400'000'000);
  EXPECT_EQ(got.int64s("last_order")[0], int64_t{20484} * 86'400'000'000);
  EXPECT_EQ(texts_of(got.table.get(), "segment"), (Texts{"(null)", "(null)", "(null)"}));
  EXPECT_EQ(got.counts.customers, 3);
  EXPECT_EQ(got.counts.rows, 6);
  EXPECT_EQ(got.counts.refused_rows, 0);
  EXPECT_EQ(got.counts.as_of, int64_t{20490} * 86'400'000'000);
}

TEST_F(RfmCompute, NamesSegmentsAndOctantsInTwoLanguages) {
  const World world;
  options_.segments = world.segments.get();
  EXPECT_EQ(texts_of(compute().table.get(), "segment"),
            (Texts{"Potential Loyalist", "Lost", "Champions"}));
  options_.language = PATRON_LANGUAGE_ZH;
  EXPECT_EQ(texts_of(compute().table.get(), "segment")[2], "冠军客户");
  // Customer 3 is above the mean in everything; the mean recency of 26/3 days is above her 0.
  EXPECT_EQ(texts_of(compute().table.get(), "octant")[2], "重要价值");
  EXPECT_EQ(texts_of(compute().table.get(), "octant")[1], "一般挽留");
  options_.octant_names = PATRON_OCTANTS_VE;
  EXPECT_EQ(texts_of(compute().table.get(), "octant")[1], "流失");
}

TEST_F(RfmCompute, LeavesOrdersAfterAsOfWaiting) {
  const int64_t as_of = int64_t{20484} * 86'400'000'000;
  options_.as_of = &as_of;
  const Computed got = compute();
  EXPECT_EQ(got.counts.waiting_rows, 1);
  EXPECT_EQ(got.counts.as_of, as_of);
  EXPECT_EQ(got.int64s("monetary_minor"), (Numbers{5000, 1550, 2190}));
  const int64_t early = int64_t{20000} * 86'400'000'000;
  options_.as_of = &early;
  expect_refused(PATRON_E_TIME, "");
}

TEST_F(RfmCompute, CountsWithinTheWindow) {
  patron_period window = PATRON_PERIOD_INIT;
  window.micros = int64_t{10} * 86'400'000'000;
  options_.window = &window;
  // (20480, 20490]: the order of day 20484 and that of 20490.
  EXPECT_EQ(compute().int64s("frequency"), (Numbers{1, 0, 1}));
  EXPECT_EQ(compute().int64s("monetary_minor"), (Numbers{2000, 0, 6010}));
  window.micros = 0;
  window.months = 1;
  // (2026-01-06, 2026-02-06] holds all but the order of 2026-01-01; days 20460 on are in.
  EXPECT_EQ(compute().int64s("frequency"), (Numbers{1, 1, 3}));
}

TEST_F(RfmCompute, RefusesWindowsThatAreNone) {
  for (const auto& [months, micros] :
       std::vector<std::pair<int32_t, int64_t>>{{0, 0}, {1, 1}, {-1, 0}, {0, -1}, {-1, 1}}) {
    patron_period window = PATRON_PERIOD_INIT;
    window.months = months;
    window.micros = micros;
    options_.window = &window;
    expect_refused(PATRON_E_ARGUMENT, "options.window");
  }
}

TEST_F(RfmCompute, TreatsRefundsAsAsked) {
  orders_.amount[1] = -20;
  options_.refunds = PATRON_REFUNDS_OWN_TIME;
  EXPECT_EQ(compute().int64s("monetary_minor")[0], 1000);
  EXPECT_EQ(compute().int64s("orders")[0], 1);
  EXPECT_EQ(compute().counts.refund_rows, 1);
  options_.refunds = PATRON_REFUNDS_IGNORE;
  EXPECT_EQ(compute().int64s("monetary_minor")[0], 3000);
  options_.refunds = PATRON_REFUNDS_NET;
  EXPECT_EQ(compute().int64s("monetary_minor")[0], 1000);
}

TEST_F(RfmCompute, TreatsZeroAmountsAsAsked) {
  orders_.amount[1] = 0;
  EXPECT_EQ(compute().int64s("orders")[0], 1);
  EXPECT_EQ(compute().counts.zero_rows, 1);
  options_.zero = PATRON_ZERO_COUNT;
  EXPECT_EQ(compute().int64s("orders")[0], 2);
}

TEST_F(RfmCompute, JoinsTheRowsOfOneOrder) {
  const std::vector<int64_t> order{10, 10, 20, 30, 31, 32};
  const Table table = make_table({column("customer", PATRON_TYPE_INT64, orders_.customer),
                                  column("day", PATRON_TYPE_DATE32, orders_.day),
                                  column("amount", PATRON_TYPE_DOUBLE, orders_.amount),
                                  column("order", PATRON_TYPE_INT64, order)});
  options_.order = patron_str_of("order");
  EXPECT_EQ(Computed(table.get(), options_).int64s("orders"), (Numbers{1, 1, 3}));
}

TEST_F(RfmCompute, CountsDaysInTheTimeZone) {
  // 20:00 and 17:00 UTC the day after: two days in UTC; in Tokyo, nine hours ahead, both are the
  // second day.
  const int64_t day = 86'400'000'000, hour = 3'600'000'000;
  const std::vector<int64_t> customer{1, 1};
  const std::vector<int64_t> time{20000 * day + 20 * hour, 20001 * day + 14 * hour};
  const std::vector<double> amount{1, 1};
  patron_column stamps = column("day", PATRON_TYPE_TIMESTAMP, time);
  stamps.zone = patron_str_of("UTC");
  const Table table = make_table({column("customer", PATRON_TYPE_INT64, customer), stamps,
                                  column("amount", PATRON_TYPE_DOUBLE, amount)});
  EXPECT_EQ(Computed(table.get(), options_).int64s("order_days"), (Numbers{2}));
  options_.timezone = patron_str_of("Asia/Tokyo");
  EXPECT_EQ(Computed(table.get(), options_).int64s("order_days"), (Numbers{1}));
  options_.timezone = patron_str_of("Asia/Tokio");
  expect_refused(PATRON_E_ZONE, "Asia/Tokyo");
}

TEST_F(RfmCompute, CountsMinorUnitsOfTheScale) {
  options_.scale = 1;
  orders_.amount[0] = 30.05;  // half to even: 300 tenths
  const Computed got = compute();
  EXPECT_EQ(got.int64s("monetary_minor"), (Numbers{500, 155, 820}));
  EXPECT_EQ(got.counts.rounded_rows, 1);
  options_.scale = 10;
  expect_refused(PATRON_E_ARGUMENT, "scale");
}

TEST_F(RfmCompute, ScoresEachAxisByItsOwnRule) {
  const double days[2] = {5, 10};
  patron_rfm_axis recency = PATRON_RFM_AXIS_INIT, frequency = PATRON_RFM_AXIS_INIT;
  patron_rfm_axis monetary = PATRON_RFM_AXIS_INIT;
  recency.method = PATRON_METHOD_FIXED;
  recency.bins = 3;
  recency.cuts = days;
  recency.cut_count = 2;
  frequency.method = PATRON_METHOD_NEAREST_RANK;
  frequency.bins = 2;
  monetary.bins = 10;
  options_.recency = &recency;
  options_.frequency = &frequency;
  options_.monetary = &monetary;
  const Computed got = compute();
  // 6 days lie above the cut 5, 20 above both.
  EXPECT_EQ(values_of<int8_t>(got.table.get(), "r"), (std::vector<int8_t>{2, 1, 3}));
  // The value of rank ceil(3/2) of {1, 2, 3} is 2.
  EXPECT_EQ(values_of<int8_t>(got.table.get(), "f"), (std::vector<int8_t>{1, 1, 2}));
  // The middle of three lies at 1/2: above the four cuts at 1/10 to 4/10, on that at 5/10.
  EXPECT_EQ(values_of<int8_t>(got.table.get(), "m"), (std::vector<int8_t>{5, 1, 10}));
  patron_cuts* cuts = nullptr;
  patron_axis_cuts axis = PATRON_AXIS_CUTS_INIT;
  ASSERT_EQ(patron_rfm_cuts(got.rfm.get(), &cuts, nullptr), PATRON_OK);
  ASSERT_EQ(patron_cuts_axis(cuts, PATRON_AXIS_FREQUENCY, &axis, nullptr), PATRON_OK);
  EXPECT_EQ(axis.method, PATRON_METHOD_NEAREST_RANK);
  patron_cuts_close(cuts);
}

TEST_F(RfmCompute, SplitsOctantsWhereAsked) {
  patron_rfm_axis axes[3] = {PATRON_RFM_AXIS_INIT, PATRON_RFM_AXIS_INIT, PATRON_RFM_AXIS_INIT};
  options_.recency = &axes[PATRON_AXIS_RECENCY];
  options_.frequency = &axes[PATRON_AXIS_FREQUENCY];
  options_.monetary = &axes[PATRON_AXIS_MONETARY];
  const auto splits = [&] {
    const Computed got = compute();
    patron_cuts* cuts = nullptr;
    EXPECT_EQ(patron_rfm_cuts(got.rfm.get(), &cuts, nullptr), PATRON_OK);
    Numbers out;
    for (int32_t i = PATRON_AXIS_RECENCY; i <= PATRON_AXIS_MONETARY; ++i) {
      patron_axis_cuts axis = PATRON_AXIS_CUTS_INIT;
      EXPECT_EQ(patron_cuts_axis(cuts, i, &axis, nullptr), PATRON_OK);
      out.push_back(axis.octant_split);
    }
    patron_cuts_close(cuts);
    return out;
  };
  // The means of {6, 20, 0}, {2, 1, 3} and {5000, 1550, 8200}: 8.67, 2 and 4916.67.
  EXPECT_EQ(splits(), (Numbers{8, 2, 4916}));
  for (patron_rfm_axis& axis : axes) axis.octant_split = PATRON_SPLIT_MEDIAN;
  EXPECT_EQ(splits(), (Numbers{6, 2, 5000}));
  for (patron_rfm_axis& axis : axes) axis.octant_split = PATRON_SPLIT_VALUE;
  axes[0].octant_value = 30;
  axes[1].octant_value = 4;
  axes[2].octant_value = 12.34;
  EXPECT_EQ(splits(), (Numbers{30, 4, 1234}));
}

TEST_F(RfmCompute, ScoresByFrozenCuts) {
  const World world;
  options_.cuts = world.cuts.get();
  orders_.amount = {1, 1, 1, 1, 1, 1};  // by the frozen cuts all are in the lowest bin
  EXPECT_EQ(values_of<int8_t>(compute().table.get(), "m"), (std::vector<int8_t>{1, 1, 1}));
}

TEST_F(RfmCompute, GivesTheSameBytesForAnyNumberOfThreads) {
  options_.threads = 1;
  const Numbers one = compute().int64s("monetary_minor");
  for (const int32_t threads : {0, 2, 7}) {
    options_.threads = threads;
    EXPECT_EQ(compute().int64s("monetary_minor"), one);
  }
}

TEST_F(RfmCompute, ListsRefusedRowsOrFails) {
  orders_.amount[2] = NAN;
  const Computed got = compute();
  EXPECT_EQ(got.counts.refused_rows, 1);
  patron_table* refused_rows = nullptr;
  ASSERT_EQ(patron_rfm_refused(got.rfm.get(), &refused_rows, nullptr), PATRON_OK);
  EXPECT_EQ(values_of<int64_t>(refused_rows, "row"), (Numbers{2}));
  EXPECT_EQ(texts_of(refused_rows, "column"), (Texts{"amount"}));
  EXPECT_EQ(texts_of(refused_rows, "reason"),
            (Texts{text(patron_refusal_reason(PATRON_REFUSAL_AMOUNT_NOT_FINITE))}));
  patron_table_close(refused_rows);

  options_.on_bad_row = PATRON_BAD_ROW_FAIL;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(refused(&error), PATRON_E_NUMBER);
  EXPECT_EQ(error.row, 2);
}

TEST_F(RfmCompute, JudgesSegmentTables) {
  patron_segments* table = nullptr;
  ASSERT_EQ(patron_segments_named("rfm_r_0_2", 9, &table, nullptr), PATRON_OK);
  options_.segments = table;
  expect_refused(PATRON_E_DOCUMENT, "");
  options_.on_gap = PATRON_GAP_NULL;
  expect_refused(PATRON_E_DOCUMENT, "");
  options_.on_overlap = PATRON_OVERLAP_FIRST;
  compute();
  options_.on_gap = PATRON_GAP_ERROR;
  expect_refused(PATRON_E_DOCUMENT, "");
  patron_segments_close(table);
}

TEST_F(RfmCompute, RefusesValuesOutsideTheirLists) {
  struct Field {
    int32_t patron_rfm_options::*field;
    int32_t first_wrong;
    const char* name;
  };
  for (const Field& field : {Field{&patron_rfm_options::refunds, 3, "options.refunds"},
                             Field{&patron_rfm_options::zero, 2, "options.zero"},
                             Field{&patron_rfm_options::octant_names, 2, "options.octant_names"},
                             Field{&patron_rfm_options::language, 2, "options.language"},
                             Field{&patron_rfm_options::on_gap, 2, "options.on_gap"},
                             Field{&patron_rfm_options::on_overlap, 2, "options.on_overlap"},
                             Field{&patron_rfm_options::on_bad_row, 2, "options.on_bad_row"},
                             Field{&patron_rfm_options::threads, -1, "options.threads"}}) {
    for (const int32_t wrong : {field.first_wrong, -1}) {
      options_ = orders_options();
      options_.*field.field = wrong;
      expect_refused(PATRON_E_ARGUMENT, field.name);
    }
  }
}

TEST_F(RfmCompute, RefusesAxesThatCannotBe) {
  patron_rfm_axis axis = PATRON_RFM_AXIS_INIT;
  options_.monetary = &axis;
  axis.method = 3;
  expect_refused(PATRON_E_ARGUMENT, "options.monetary.method");
  axis = PATRON_RFM_AXIS_INIT;
  axis.octant_split = 3;
  expect_refused(PATRON_E_ARGUMENT, "options.monetary.octant_split");
  axis = PATRON_RFM_AXIS_INIT;
  axis.cut_count = 1;
  expect_refused(PATRON_E_ARGUMENT, "options.monetary.cuts is NULL");
  axis = PATRON_RFM_AXIS_INIT;
  axis.bins = 11;
  expect_refused(PATRON_E_ARGUMENT, "bins");
}

TEST_F(RfmCompute, RefusesTextsAndColumnsThatAreNone) {
  options_.customer = str("\xFF");
  expect_refused(PATRON_E_UTF8, "options.customer");
  options_ = orders_options();
  options_.time = {nullptr, 4};
  expect_refused(PATRON_E_ARGUMENT, "options.time is NULL");
  options_ = orders_options();
  options_.amount = patron_str_of("amuont");
  expect_refused(PATRON_E_COLUMN, "\"amount\"");
  options_ = orders_options();
  options_.time = patron_str_of("amount");
  expect_refused(PATRON_E_TYPE, "amount");
  options_ = orders_options();
  options_.order = str("\xFF");
  expect_refused(PATRON_E_UTF8, "options.order");
}

TEST_F(RfmCompute, RefusesNoOrders) {
  orders_ = Orders{{}, {}, {}};
  expect_refused(PATRON_E_EMPTY, "");
  const Table table = Orders().table();
  EXPECT_EQ(patron_rfm_compute(table.get(), &options_, nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST_F(RfmCompute, ResultsNeedSomewhereToGo) {
  const Computed got = compute();
  EXPECT_EQ(patron_rfm_table(got.rfm.get(), nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_rfm_refused(got.rfm.get(), nullptr, nullptr), PATRON_E_ARGUMENT);
  EXPECT_EQ(patron_rfm_cuts(got.rfm.get(), nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST(RefusalReason, IsGivenForEveryNumber) {
  EXPECT_EQ(text(patron_refusal_reason(PATRON_REFUSAL_NULL_CUSTOMER)), "null customer");
  for (int32_t i = PATRON_REFUSAL_NULL_CUSTOMER; i <= PATRON_REFUSAL_MARGIN_OVERFLOW; ++i) {
    EXPECT_NE(text(patron_refusal_reason(i)), "") << i;
  }
  EXPECT_EQ(patron_refusal_reason(0).data, nullptr);
  EXPECT_EQ(patron_refusal_reason(PATRON_REFUSAL_MARGIN_OVERFLOW + 1).data, nullptr);
}

}  // namespace
}  // namespace patron::test
