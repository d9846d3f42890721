// Structs that grow: what happens when a program's header is older or newer than the library, or
// when a struct was never initialised.
#include <cstddef>
#include <cstring>
#include <functional>

#include "tests/capi/world.h"

namespace patron::test {
namespace {

// A struct as a newer header would have it.
template <typename T>
struct Newer {
  T value;
  char tail[24];
};

template <typename T>
Newer<T> newer(const T& value) {
  Newer<T> out;
  std::memset(static_cast<void*>(&out), 0, sizeof(out));
  out.value = value;
  out.value.struct_size = sizeof(out);
  return out;
}

template <typename T>
using Use = std::function<patron_status(T*, patron_error*)>;

// A struct that is read: `use` must succeed with `value`. A grown struct had `first_size` bytes.
template <typename T>
void expect_read(const char* name, const T& value, const Use<T>& use,
                 size_t first_size = sizeof(T)) {
  SCOPED_TRACE(name);
  Newer<T> given = newer(value);
  EXPECT_EQ(use(&given.value, nullptr), PATRON_OK) << "a tail of zeros is fine";
  for (const size_t place : {size_t{0}, sizeof(given.tail) - 1}) {
    given = newer(value);
    given.tail[place] = 1;
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(use(&given.value, &error), PATRON_E_UNSUPPORTED);
    EXPECT_NE(std::strstr(error.message, "newer library"), nullptr) << error.message;
    EXPECT_NE(std::strstr(error.message, name), nullptr) << error.message;
  }
  for (const uint32_t size : {0U, 4U, static_cast<uint32_t>(first_size - 1), 4097U, 0xFFFFFFFFU}) {
    given = newer(value);
    given.value.struct_size = size;
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(use(&given.value, &error), PATRON_E_UNSUPPORTED) << size;
    const char* says = size > 4096 ? "larger than any struct" : "want at least";
    EXPECT_NE(std::strstr(error.message, says), nullptr) << error.message;
  }
}

// A struct that is written.
template <typename T>
void expect_written(const char* name, const T& initial, const Use<T>& use) {
  SCOPED_TRACE(name);
  Newer<T> given = newer(initial);
  std::memset(given.tail, 0x5A, sizeof(given.tail));
  EXPECT_EQ(use(&given.value, nullptr), PATRON_OK);
  EXPECT_EQ(given.value.struct_size, sizeof(given)) << "the size stays the caller's";
  for (const char byte : given.tail) EXPECT_EQ(byte, 0) << "what the library does not know is zero";
  for (const uint32_t size : {0U, 4U, static_cast<uint32_t>(sizeof(T) - 1), 4097U, 0xFFFFFFFFU}) {
    given = newer(initial);
    given.value.struct_size = size;
    const Newer<T> before = given;
    patron_error error = PATRON_ERROR_INIT;
    EXPECT_EQ(use(&given.value, &error), PATRON_E_UNSUPPORTED) << size;
    EXPECT_EQ(std::memcmp(&given, &before, sizeof(given)), 0);
    EXPECT_NE(std::strstr(error.message, name), nullptr) << error.message;
  }
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(use(nullptr, &error), PATRON_E_ARGUMENT);
  EXPECT_NE(std::strstr(error.message, name), nullptr) << error.message;
}

class Structs : public testing::Test {
 protected:
  patron_status compute(const patron_rfm_options* options, patron_error* error) const {
    patron_rfm* rfm = nullptr;
    const patron_status status = patron_rfm_compute(world_.table.get(), options, &rfm, error);
    patron_rfm_close(rfm);
    return status;
  }
  World world_;
};

TEST_F(Structs, OptionsOfRfmAreReadWhateverTheirAge) {
  expect_read<patron_rfm_options>(
      "options", orders_options(),
      [&](auto* options, auto* error) { return compute(options, error); },
      offsetof(patron_rfm_options, workspace));
  EXPECT_EQ(compute(nullptr, nullptr), PATRON_E_ARGUMENT);
}

TEST_F(Structs, AxesOfRfmAreReadWhateverTheirAge) {
  const char* names[] = {"options.recency", "options.frequency", "options.monetary"};
  for (int which = 0; which < 3; ++which) {
    expect_read<patron_rfm_axis>(names[which], PATRON_RFM_AXIS_INIT, [&](auto* axis, auto* error) {
      patron_rfm_options options = orders_options();
      (which == 0 ? options.recency : which == 1 ? options.frequency : options.monetary) = axis;
      return compute(&options, error);
    });
  }
}

TEST_F(Structs, WindowsAreReadWhateverTheirAge) {
  patron_period window = PATRON_PERIOD_INIT;
  window.months = 12;
  expect_read<patron_period>("options.window", window, [&](auto* period, auto* error) {
    patron_rfm_options options = orders_options();
    options.window = period;
    return compute(&options, error);
  });
}

TEST_F(Structs, OptionsOfRankAreReadWhateverTheirAge) {
  const int64_t seats = 1;
  patron_rank_options top = PATRON_RANK_OPTIONS_INIT;
  top.top = &seats;
  const auto rank = [&](const patron_rank_options* options, patron_error* error) {
    patron_rank* out = nullptr;
    const patron_status status =
        patron_rank_compute(world_.table.get(), "amount", 6, options, &out, error);
    patron_rank_close(out);
    return status;
  };
  expect_read<patron_rank_options>("options", top, rank);
  top.reserved = 1;
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(rank(&top, &error), PATRON_E_UNSUPPORTED);
  EXPECT_NE(std::strstr(error.message, "reserved"), nullptr) << error.message;
}

patron_status create(const patron_column* columns, uint64_t count, patron_error* error) {
  patron_table* table = nullptr;
  const patron_status status = patron_table_create(columns, count, &table, error);
  patron_table_close(table);
  return status;
}

TEST_F(Structs, ColumnsAreReadWhateverTheirAge) {
  expect_read<patron_column>("columns[0]", column("day", PATRON_TYPE_DATE32, world_.orders.day),
                             [](auto* columns, auto* error) { return create(columns, 1, error); });
}

TEST_F(Structs, DictionariesAreReadWhateverTheirAge) {
  const std::vector<int8_t> indices{1, 0};
  const std::vector<int64_t> words{100, 200};
  expect_read<patron_column>("columns[0].dictionary", column("", PATRON_TYPE_INT64, words),
                             [&](auto* dictionary, auto* error) {
                               patron_column coded = column("x", PATRON_TYPE_DICTIONARY, indices);
                               coded.index = PATRON_TYPE_INT8;
                               coded.value = PATRON_TYPE_INT64;
                               coded.dictionary = dictionary;
                               return create(&coded, 1, error);
                             });
}

TEST_F(Structs, ArraysOfANewerProgramAreStridden) {
  Newer<patron_column> columns[2] = {
      newer(column("customer", PATRON_TYPE_INT64, world_.orders.customer)),
      newer(column("day", PATRON_TYPE_DATE32, world_.orders.day))};
  patron_table* table = nullptr;
  ASSERT_EQ(patron_table_create(&columns[0].value, 2, &table, nullptr), PATRON_OK);
  EXPECT_EQ(values_of<int32_t>(table, "day"), world_.orders.day);
  patron_table_close(table);
  // One struct_size within an array differs: the stride cannot be both.
  columns[1].value.struct_size = sizeof(patron_column);
  patron_error error = PATRON_ERROR_INIT;
  EXPECT_EQ(patron_table_create(&columns[0].value, 2, &table, &error), PATRON_E_UNSUPPORTED);
  EXPECT_NE(std::strstr(error.message, "columns[1]"), nullptr) << error.message;
}

TEST_F(Structs, OutputsOfTablesAreWrittenWhateverTheirAge) {
  expect_written<patron_field>("field", PATRON_FIELD_INIT, [&](auto* out, auto* error) {
    return patron_table_field(world_.table.get(), 0, out, error);
  });
  expect_written<patron_column>("view", PATRON_COLUMN_INIT, [&](auto* out, auto* error) {
    return patron_table_column(world_.table.get(), 0, 0, out, error);
  });
  expect_written<patron_period>("period", PATRON_PERIOD_INIT, [&](auto* out, auto* error) {
    return patron_period_parse("7d", 2, out, error);
  });
}

TEST_F(Structs, OutputsOfSegmentsAreWrittenWhateverTheirAge) {
  expect_written<patron_segment_row>("row", PATRON_SEGMENT_ROW_INIT, [&](auto* out, auto* error) {
    return patron_segments_row(world_.segments.get(), 0, out, error);
  });
  // NULL is no error here: the counts are optional.
  patron_lint_counts spare = PATRON_LINT_COUNTS_INIT;
  patron_lint_counts small = PATRON_LINT_COUNTS_INIT;
  small.struct_size = sizeof(small) - 8;
  EXPECT_EQ(patron_segments_lint(world_.segments.get(), &spare, nullptr, nullptr), PATRON_OK);
  patron_table* findings = nullptr;
  EXPECT_EQ(patron_segments_lint(world_.segments.get(), &small, &findings, nullptr),
            PATRON_E_UNSUPPORTED);
  EXPECT_EQ(findings, nullptr);
}

TEST_F(Structs, OutputsOfCutsAndResultsAreWrittenWhateverTheirAge) {
  expect_written<patron_cuts_info>("info", PATRON_CUTS_INFO_INIT, [&](auto* out, auto* error) {
    return patron_cuts_describe(world_.cuts.get(), out, error);
  });
  expect_written<patron_axis_cuts>("axis_cuts", PATRON_AXIS_CUTS_INIT, [&](auto* out, auto* error) {
    return patron_cuts_axis(world_.cuts.get(), PATRON_AXIS_RECENCY, out, error);
  });
  expect_written<patron_scores>("scores", PATRON_SCORES_INIT, [&](auto* out, auto* error) {
    return patron_cuts_score(world_.cuts.get(), 1, 1, 1, out, error);
  });
  expect_written<patron_rfm_summary>(
      "summary", PATRON_RFM_SUMMARY_INIT,
      [&](auto* out, auto* error) { return patron_rfm_counts(world_.rfm.get(), out, error); });
  expect_written<patron_rank_summary>(
      "summary", PATRON_RANK_SUMMARY_INIT,
      [&](auto* out, auto* error) { return patron_rank_describe(world_.rank.get(), out, error); });
}

}  // namespace
}  // namespace patron::test
