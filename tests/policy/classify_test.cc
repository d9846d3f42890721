// Classifications by conditions over a table, against the conditions one by one.
#include "lib/policy/classify.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "patron/policy.h"
#include "tests/policy/said.h"

namespace patron {
namespace {

Policy sound() {
  const Result<Policy> policy = Policy::parse(test::policy_with(
      R"x("attributes": {"spend": {"type": "double"}, "vip": {"type": "bool"}, "seen": {"type": "timestamp"},
           "orders": {"type": "int64"}},
         "classifications": [
           {"name": "tier", "kind": "ladder", "classes": [
             {"name": "gold", "enter": "spend >= 1000 || vip", "keep": "spend >= 800"},
             {"name": "silver", "enter": "spend >= 10 && orders > 1"}, {"name": "guest"}]},
           {"name": "stage", "kind": "first_match", "classes": [
             {"name": "new", "enter": "age(seen) < days(7)"}, {"name": "active", "enter": "orders > 2"}]},
           {"name": "all", "kind": "ladder", "classes": [{"name": "everybody"}]},
           {"name": "marks", "kind": "flags", "classes": [
             {"name": "rich", "enter": "spend > 500"}, {"name": "often", "enter": "orders >= 3"},
             {"name": "seen", "enter": "has(seen)"}]},
           {"name": "bands", "kind": "bands", "of": "spend", "cuts": [1], "classes": ["l", "h"]}])x"));
  EXPECT_TRUE(policy.ok()) << policy.status().message();
  return *policy;
}

constexpr Micros kNow = 1'772'325'000'000'000;  // 2026-03-01T00:30:00Z

/// Random customers, a fifth of whose facts is null.
class Customers {
 public:
  explicit Customers(size_t rows) {
    std::mt19937_64 random(5);
    for (size_t i = 0; i < rows; ++i) {
      spend_.push_back(static_cast<double>(random() % 1600));
      orders_.push_back(static_cast<int64_t>(random() % 6));
      seen_.push_back(kNow - static_cast<Micros>(random() % 14) * kMicrosPerDay);
      vip_.push_back(random() % 8 == 0);
      for (std::vector<uint8_t>& known : known_) known.push_back(random() % 5 != 0);
    }
    std::vector<ColumnView> views;
    bits_of_vip_ = bits(vip_);
    views.push_back(view("spend", Type::kDouble, spend_.data(), 0));
    views.push_back(view("orders", Type::kInt64, orders_.data(), 1));
    views.push_back(view("seen", Type::kTimestamp, seen_.data(), 2));
    views.back().type.unit = TimeUnit::kMicro;
    views.back().type.zone = "UTC";
    views.push_back(view("vip", Type::kBool, bits_of_vip_.data(), 3));
    table = *make_table(views);
  }

  std::vector<Cell> cells(const Schema& schema, size_t row) const {
    std::vector<Cell> out(schema.fields().size());
    const auto set = [&](const char* name, size_t column, Cell cell) {
      cell.known = known_[column][row] != 0;
      out[static_cast<size_t>(schema.find(name))] = cell;
    };
    set("spend", 0, Cell::of_double(spend_[row]));
    set("orders", 1, Cell::of(orders_[row]));
    set("seen", 2, Cell::of(seen_[row]));
    set("vip", 3, Cell::of(vip_[row]));
    return out;
  }

  Table table;

 private:
  static std::vector<uint8_t> bits(const std::vector<uint8_t>& bytes) {
    std::vector<uint8_t> out(bytes.size() / 8 + 1);
    for (size_t i = 0; i < bytes.size(); ++i) {
      out[i / 8] = static_cast<uint8_t>(out[i / 8] | bytes[i] << i % 8);
    }
    return out;
  }
  ColumnView view(const char* name, Type type, const void* values, size_t column) {
    valid_[column] = bits(known_[column]);
    ColumnView out;
    out.name = name;
    out.type.type = type;
    out.chunk.length = static_cast<int64_t>(spend_.size());
    out.chunk.values = values;
    out.chunk.validity = valid_[column].data();
    for (const uint8_t known : known_[column]) out.chunk.null_count += known == 0;
    return out;
  }

  std::vector<double> spend_;
  std::vector<int64_t> orders_;
  std::vector<Micros> seen_;
  std::vector<uint8_t> vip_, bits_of_vip_;
  std::vector<uint8_t> known_[4], valid_[4];
};

struct Row {
  std::string name;
  int held = 0, unknown = 0;
  bool operator==(const Row&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.name << " " << row.held << " " << row.unknown;
}

std::vector<Row> rows_of(const Table& table) {
  std::vector<Row> out(static_cast<size_t>(table.rows()));
  for (int c = 0; c < table.columns(); ++c) {
    const Chunk& chunk = table.chunks(c)[0];
    const std::string& name = table.field(c).name;
    for (size_t i = 0; i < out.size(); ++i) {
      const auto code = static_cast<const uint8_t*>(chunk.values)[i];
      if (name == "held") out[i].held = code;
      if (name == "unknown") out[i].unknown = code;
      if (name == "class") {
        const Chunk& words = *chunk.dictionary;
        const auto* offsets = static_cast<const int32_t*>(words.offsets);
        out[i].name = chunk.valid(static_cast<int64_t>(i))
                          ? std::string(reinterpret_cast<const char*>(words.bytes) + offsets[code],
                                        static_cast<size_t>(offsets[code + 1] - offsets[code]))
                          : "(none)";
      }
    }
  }
  return out;
}

/// By the definition: the first condition that is true, else `rest`.
std::vector<Row> expected(const Policy& policy, const Customers& customers,
                          const std::vector<std::pair<std::string, std::string>>& classes,
                          const std::string& rest) {
  std::vector<Row> out;
  for (size_t i = 0; i < static_cast<size_t>(customers.table.rows()); ++i) {
    Row row{rest, 0, 0};
    for (size_t k = classes.size(); k-- > 0;) {
      const Expression condition = *Expression::parse(classes[k].second, policy.schema());
      const Cell cell = *condition.evaluate_row(customers.cells(policy.schema(), i), kNow);
      row.unknown |= static_cast<int>(!cell.known) << k;
      if (!cell.known || cell.integer == 0) continue;
      row.held |= 1 << k;
      if (!classes[k].first.empty()) row.name = classes[k].first;
    }
    out.push_back(row);
  }
  return out;
}

TEST(Classify, GivesTheFirstClassThatHoldsAndTheMasksOfAll) {
  const Policy policy = sound();
  const Customers customers(2100);
  ExpressionOptions options;
  options.now = kNow;
  for (options.threads = 1; options.threads <= 3; ++options.threads) {
    EXPECT_EQ(rows_of(*policy.classify("tier", customers.table, options)),
              expected(policy, customers,
                       {{"gold", "spend >= 1000 || vip"}, {"silver", "spend >= 10 && orders > 1"}},
                       "guest"));
    EXPECT_EQ(rows_of(*policy.classify("stage", customers.table, options)),
              expected(policy, customers,
                       {{"new", "age(seen) < days(7)"}, {"active", "orders > 2"}}, "(none)"));
    EXPECT_EQ(rows_of(*policy.classify("marks", customers.table, options)),
              expected(policy, customers,
                       {{"", "spend > 500"}, {"", "orders >= 3"}, {"", "has(seen)"}}, ""));
    EXPECT_EQ(rows_of(*policy.classify("all", customers.table, options)),
              expected(policy, customers, {}, "everybody"));
  }
}

TEST(Classify, NamesItsColumnsAndTheirTypes) {
  const Policy policy = sound();
  const Customers customers(3);
  ExpressionOptions options;
  options.now = kNow;
  const Table tier = *policy.classify("tier", customers.table, options);
  ASSERT_EQ(tier.columns(), 3);
  EXPECT_EQ(tier.field(0).name, "class");
  EXPECT_EQ(tier.field(0).type.type, Type::kDictionary);
  EXPECT_EQ(tier.field(0).type.index, Type::kInt8);
  EXPECT_EQ(tier.field(1).type.type, Type::kUint8);
  const Table marks = *policy.classify("marks", customers.table, options);
  ASSERT_EQ(marks.columns(), 2);
  EXPECT_EQ(marks.field(0).name, "held");
  EXPECT_EQ(marks.field(1).name, "unknown");
}

TEST(Classify, CountsCustomersOfWhomSomethingIsUnknown) {
  const Policy policy = sound();
  const Customers customers(500);
  ExpressionOptions options;
  options.now = kNow;
  ExpressionCounts counts;
  const Table table = *policy.classify("stage", customers.table, options, &counts);
  int64_t unknown = 0;
  for (const Row& row : rows_of(table)) unknown += row.unknown != 0;
  EXPECT_GT(unknown, 0);
  EXPECT_EQ(counts.unknown_rows, unknown);
  EXPECT_EQ(counts.rows, 500);
}

// 130 classes are more than a byte numbers, and 129 conditions more than the masks hold.
TEST(Classify, TakesMoreClassesThanMasksHave) {
  std::string classes;
  for (int k = 0; k < 129; ++k) {
    classes += R"({"name": "c)" + std::to_string(k) + R"(", "enter": "n == )" + std::to_string(k) +
               R"("}, )";
  }
  const Result<Policy> policy = Policy::parse(test::policy_with(
      R"("attributes": {"n": {"type": "int64"}}, "classifications": [
        {"name": "t", "kind": "first_match", "classes": [)" +
      classes + R"({"name": "rest"}]}])"));
  ASSERT_TRUE(policy.ok()) << policy.status().message();
  const Table customers = *TableBuilder().int64("n", {128, 0, 500, 77}).finish();
  const Table table = *policy->classify("t", customers);
  ASSERT_EQ(table.columns(), 1);
  EXPECT_EQ(table.field(0).type.index, Type::kInt16);
  const auto* codes = static_cast<const int16_t*>(table.chunks(0)[0].values);
  EXPECT_EQ((std::vector<int16_t>{codes, codes + 4}), (std::vector<int16_t>{128, 0, 129, 77}));
}

TEST(Classify, RefusesOtherNamesKindsAndTables) {
  const Policy policy = sound();
  const Customers customers(3);
  const auto fails = [&](const char* name) {
    return policy.classify(name, customers.table).status();
  };
  EXPECT_EQ(fails("teir").code(), Code::kArgument);
  EXPECT_NE(fails("teir").message().find("did you mean \"tier\""), std::string::npos);
  EXPECT_EQ(fails("bands").code(), Code::kUnsupported);
  EXPECT_EQ(fails("stage").code(), Code::kArgument);  // of now
  const Table none = *TableBuilder().int64("orders", {1}).finish();
  EXPECT_EQ(policy.classify("tier", none).status().code(), Code::kColumn);
}

}  // namespace
}  // namespace patron
