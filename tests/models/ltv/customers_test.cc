#include "lib/models/ltv/customers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace patron::internal::ltv {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
const double kNotANumber = std::nan("");

/// "recency is above T ..." of one customer, "" where all is sound.
std::string fault_of(LtvModel model, const LtvCustomer& customer) {
  constexpr std::array<std::string_view, kCustomerParts> kNames{"frequency", "recency", "T",
                                                                "monetary",  "weight",  "churned"};
  const Fault fault = customer_fault(model, customer);
  if (fault == Fault()) return "";
  const std::string reason(fault_reason(fault));
  return std::string(kNames[static_cast<size_t>(fault.part)]) + " " +
         reason.substr(0, reason.find(';'));
}

TEST(CustomerFault, OfAPurchaseHistoryNamesThePartAndTheReason) {
  for (const LtvModel model : {LtvModel::kBgNbd, LtvModel::kMbgNbd, LtvModel::kParetoNbd}) {
    EXPECT_EQ(fault_of(model, {2, 30.43, 38.86, 0}), "");
    EXPECT_EQ(fault_of(model, {0, 0, 0, 0}), "");
    EXPECT_EQ(fault_of(model, {1, 39, 39, 0}), "");
    EXPECT_EQ(fault_of(model, {1e6, 1e-9, 1e9, 0}), "");
    EXPECT_EQ(fault_of(model, {-1, 0, 3, 0}), "frequency is negative");
    EXPECT_EQ(fault_of(model, {1.5, 1, 3, 0}), "frequency is no whole number");
    EXPECT_EQ(fault_of(model, {0x1p54, 1, 3, 0}), "frequency is too large");
    EXPECT_EQ(fault_of(model, {kNotANumber, 1, 3, 0}), "frequency is not finite");
    EXPECT_EQ(fault_of(model, {0, 1, 3, 0}), "recency is above 0 where frequency is 0");
    EXPECT_EQ(fault_of(model, {1, 4, 3, 0}), "recency is above T");
    EXPECT_EQ(fault_of(model, {1, -1, 3, 0}), "recency is negative");
    EXPECT_EQ(fault_of(model, {1, 1, kInf, 0}), "T is not finite");
    EXPECT_EQ(fault_of(model, {1, 1, 1e200, 0}), "T is too large");
    EXPECT_EQ(fault_of(model, {1, 0, 0, 0}), "T is 0 where there are repeat purchases");
  }
}

TEST(CustomerFault, LooksOnlyAtWhatTheModelReads) {
  EXPECT_EQ(fault_of(LtvModel::kNbd, {2, kNotANumber, 3, kNotANumber}), "");
  EXPECT_EQ(fault_of(LtvModel::kNbd, {2, 0, 0, 0}), "T is 0 where there are repeat purchases");
  EXPECT_EQ(fault_of(LtvModel::kSbg, {kNotANumber, kNotANumber, 4, 0}), "");
  EXPECT_EQ(fault_of(LtvModel::kBdw, {0, 0, 4.5, 0}), "T is no whole number");
  EXPECT_EQ(fault_of(LtvModel::kGammaGamma, {2, -1, -1, 35}), "");
  EXPECT_EQ(fault_of(LtvModel::kGammaGamma, {0, 0, 0, 35}), "frequency is 0");
  EXPECT_EQ(fault_of(LtvModel::kGammaGamma, {1, 0, 0, 0}), "monetary is not above 0");
  EXPECT_EQ(fault_of(LtvModel::kGammaGamma, {1, 0, 0, kInf}), "monetary is not finite");
}

TEST(CustomerFault, OfOpportunitiesWantsWholeNumbersInOrder) {
  EXPECT_EQ(fault_of(LtvModel::kBgBb, {3, 4, 6, 0}), "");
  EXPECT_EQ(fault_of(LtvModel::kBgBb, {0, 0, 0, 0}), "");
  EXPECT_EQ(fault_of(LtvModel::kBgBb, {3, 2, 6, 0}), "recency is below frequency");
  EXPECT_EQ(fault_of(LtvModel::kBgBb, {1, 1.5, 6, 0}), "recency is no whole number");
  EXPECT_EQ(fault_of(LtvModel::kBgBb, {1, 7, 6, 0}), "recency is above T");
}

LtvColumns all_columns() {
  return {.frequency = "x",
          .recency = "t",
          .T = "T",
          .monetary = "m",
          .churned = "gone",
          .weight = "w"};
}

CustomerBlock block_of(const Table& table, LtvModel model, const LtvColumns& columns,
                       CustomerUse use = CustomerUse::kFit) {
  const Result<CustomerReader> reader = CustomerReader::open(table, model, columns, use);
  EXPECT_TRUE(reader.ok()) << reader.status().message();
  auto block = std::make_unique<CustomerBlock>();
  reader->read(0, 0, table.rows(), block.get());
  return *block;
}

TEST(CustomerReader, ReadsColumnsOfAnyNumericType) {
  const Table table =
      *TableBuilder().int64("x", {2, 0}).doubles("t", {30.43, 0}).int64("T", {39, 27}).finish();
  const CustomerBlock block =
      block_of(table, LtvModel::kBgNbd, {.frequency = "x", .recency = "t", .T = "T"});
  EXPECT_TRUE(block.clean);
  EXPECT_EQ(block.of(CustomerPart::kFrequency)[0], 2);
  EXPECT_EQ(block.of(CustomerPart::kRecency)[0], 30.43);
  EXPECT_EQ(block.of(CustomerPart::kT)[1], 27);
  EXPECT_EQ(block.of(CustomerPart::kWeight)[1], 1);
  EXPECT_EQ(block.of(CustomerPart::kMonetary)[1], 0);
}

TEST(CustomerReader, MarksEachRowWithItsFirstFault) {
  const Table table = *TableBuilder()
                           .doubles("x", {1, 1, 0, 0.5, kNotANumber, 1, 1})
                           .doubles("t", {1, 4, 1, 1, 1, 1, 1})
                           .doubles("T", {3, 3, 3, 3, 3, 3, 3})
                           .doubles("w", {1, 1, 1, 1, 1, 0, -2})
                           .finish();
  const CustomerBlock block = block_of(table, LtvModel::kParetoNbd, all_columns());
  EXPECT_FALSE(block.clean);
  EXPECT_EQ(block.fault[0], Fault());
  EXPECT_EQ(block.fault[1], (Fault{FaultKind::kAboveT, CustomerPart::kRecency}));
  EXPECT_EQ(block.fault[2], (Fault{FaultKind::kWithoutPurchase, CustomerPart::kRecency}));
  EXPECT_EQ(block.fault[3], (Fault{FaultKind::kNotWhole, CustomerPart::kFrequency}));
  EXPECT_EQ(block.fault[4], (Fault{FaultKind::kNotFinite, CustomerPart::kFrequency}));
  EXPECT_EQ(block.fault[5], (Fault{FaultKind::kNotAboveZero, CustomerPart::kWeight}));
  EXPECT_EQ(block.fault[6], (Fault{FaultKind::kNotAboveZero, CustomerPart::kWeight}));
}

TEST(CustomerReader, FastCheckAndSlowCheckAgreeOnEveryKindOfRow) {
  // Each history alone goes the fast way if it is sound; beside a faulty one it goes the slow way.
  const std::vector<double> counts{0, 1, 2.5, -1, 0x1p51, 0x1p53, 0x1p54, kInf, kNotANumber};
  const std::vector<double> times{0, 1, 2, -1, 1e99, 1e101, kInf, kNotANumber};
  for (const double x : counts) {
    for (const double t : times) {
      for (const double T : times) {
        const Table table =
            *TableBuilder().doubles("x", {x}).doubles("t", {t}).doubles("T", {T}).finish();
        const CustomerBlock block =
            block_of(table, LtvModel::kBgNbd, {.frequency = "x", .recency = "t", .T = "T"});
        EXPECT_EQ(block.clean, customer_fault(LtvModel::kBgNbd, {x, t, T, 0}) == Fault())
            << x << " " << t << " " << T;
      }
    }
  }
}

TEST(CustomerReader, WhoNeverCameBackNeedsNoMoney) {
  const Table table =
      *TableBuilder().int64("x", {0, 2, 2}).doubles("m", {kNotANumber, kNotANumber, 35}).finish();
  const CustomerBlock block =
      block_of(table, LtvModel::kGammaGamma, {.frequency = "x", .monetary = "m"});
  EXPECT_EQ(block.fault[0], (Fault{FaultKind::kNoPurchase, CustomerPart::kFrequency}));
  EXPECT_EQ(block.fault[1], (Fault{FaultKind::kNotFinite, CustomerPart::kMonetary}));
  EXPECT_EQ(block.fault[2], Fault());
}

TEST(CustomerReader, ReadsChurnedFromBoolsAndFromZeroAndOne) {
  const uint8_t bits = 0b101;
  const std::vector<int64_t> periods{1, 4, 0};
  std::vector<ColumnView> views(2);
  views[0].name = "T";
  views[0].type.type = Type::kInt64;
  views[0].chunk.values = periods.data();
  views[1].name = "gone";
  views[1].type.type = Type::kBool;
  views[1].chunk.values = &bits;
  for (ColumnView& view : views) view.chunk.length = 3;
  const Table bools = *make_table(views);
  const LtvColumns columns{.T = "T", .churned = "gone"};
  const CustomerBlock block = block_of(bools, LtvModel::kSbg, columns);
  EXPECT_EQ(block.of(CustomerPart::kChurned)[0], 1);
  EXPECT_EQ(block.of(CustomerPart::kChurned)[1], 0);
  EXPECT_EQ(block.fault[0], Fault());
  EXPECT_EQ(block.fault[1], Fault());
  EXPECT_EQ(block.fault[2], (Fault{FaultKind::kChurnedAtStart, CustomerPart::kT}));
  const Table numbers = *TableBuilder().int64("T", {1, 4, 3}).int64("gone", {1, 0, 2}).finish();
  const CustomerBlock others = block_of(numbers, LtvModel::kBdw, columns);
  EXPECT_EQ(others.of(CustomerPart::kChurned)[0], 1);
  EXPECT_EQ(others.fault[2], (Fault{FaultKind::kNotBool, CustomerPart::kChurned}));
}

TEST(CustomerReader, SaysWhichColumnIsNotNamedOrNotThere) {
  const Table table = *TableBuilder().int64("x", {1}).int64("T", {1}).finish();
  const auto message = [&](LtvModel model, const LtvColumns& columns) {
    const Result<CustomerReader> reader =
        CustomerReader::open(table, model, columns, CustomerUse::kFit);
    return reader.ok() ? "" : reader.status().message();
  };
  EXPECT_EQ(message(LtvModel::kBgNbd, {.frequency = "x", .T = "T"}),
            "columns.recency: bg_nbd reads it; name the column");
  EXPECT_EQ(message(LtvModel::kSbg, {.T = "T"}), "columns.churned: sbg reads it; name the column");
  EXPECT_NE(message(LtvModel::kNbd, {.frequency = "y", .T = "T"}), "");
  EXPECT_EQ(message(LtvModel::kNbd, {.frequency = "x", .T = "T"}), "");
}

TEST(FaultsTable, HasTheCallersNamesAndTheReasons) {
  const std::vector<FaultyRow> faults{{3, {FaultKind::kAboveT, CustomerPart::kRecency}}};
  const LtvColumns columns{.frequency = "f", .recency = "last"};
  const Result<Table> table = faults_table(faults, columns);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->rows(), 1);
  EXPECT_EQ(table->field(0).name, "row");
  EXPECT_EQ(table->field(1).name, "column");
  EXPECT_EQ(table->field(2).name, "reason");
  const Status status = fault_status(faults[0], columns);
  EXPECT_EQ(status.code(), Code::kArgument);
  EXPECT_EQ(status.row(), 3);
  EXPECT_EQ(status.message(),
            "column \"last\", row 3 is above T; the last purchase cannot be later than now");
  EXPECT_EQ(fault_code({FaultKind::kNull, CustomerPart::kT}), Code::kNull);
  EXPECT_EQ(fault_code({FaultKind::kNotFinite, CustomerPart::kT}), Code::kNumber);
}

}  // namespace
}  // namespace patron::internal::ltv
