#include "lib/metrics/name_table.h"

#include <gtest/gtest.h>

#include <string>

namespace patron::internal {
namespace {

std::string put(const NameTable& names, uint32_t code) {
  uint8_t to[NameTable::kSlot];
  const size_t size = put_slot(names.slots()[code], to);
  return {reinterpret_cast<const char*>(to), size};
}

TEST(NameTable, ShortTextsArePutFromTheirSlots) {
  const std::string long_as_a_slot(NameTable::kSlot, 'x');
  const NameTable names({"gold", "", long_as_a_slot});
  ASSERT_TRUE(names.in_slots());
  for (uint32_t code = 0; code < names.size(); ++code)
    EXPECT_EQ(put(names, code), names.text(code));
  EXPECT_EQ(put(names, 2), long_as_a_slot);
}

TEST(NameTable, OneLongTextLeavesNoSlots) {
  const std::string longer(NameTable::kSlot + 1, 'x');
  const NameTable names({"gold", longer});
  EXPECT_FALSE(names.in_slots());
  EXPECT_EQ(names.text(1), longer);
}

TEST(NameTable, ManyTextsHaveNone) {
  EXPECT_TRUE(NameTable(std::vector<std::string_view>(NameTable::kMostSlots, "a")).in_slots());
  EXPECT_FALSE(NameTable(std::vector<std::string_view>(NameTable::kMostSlots + 1, "a")).in_slots());
}

TEST(NameTable, WithoutTextsTheFirstIsOneOfNoBytes) {
  const NameTable names({});
  EXPECT_EQ(names.size(), 0u);
  ASSERT_TRUE(names.in_slots());
  EXPECT_EQ(put(names, 0), "");
}

}  // namespace
}  // namespace patron::internal
