#include "patron/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

namespace patron {
namespace {

TEST(Status, OneWithoutACodeIsOk) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), Code::kOk);
  EXPECT_EQ(status.row(), -1);
  EXPECT_EQ(status.byte_offset(), -1);
  EXPECT_TRUE(status.message().empty());
}

TEST(Status, KeepsCodeMessageRowAndByte) {
  const Status status(Code::kTime, "no time", 7, 12);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.code(), Code::kTime);
  EXPECT_EQ(status.message(), "no time");
  EXPECT_EQ(status.row(), 7);
  EXPECT_EQ(status.byte_offset(), 12);
}

TEST(Result, HoldsAValueOrTheReasonWhyNot) {
  Result<std::unique_ptr<int>> good(std::make_unique<int>(3));
  ASSERT_TRUE(good.ok());
  EXPECT_TRUE(good.status().ok());
  const std::unique_ptr<int> taken = *std::move(good);
  EXPECT_EQ(*taken, 3);
  const Result<std::string> bad(Status(Code::kColumn, "no column"));
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.status().code(), Code::kColumn);
}

TEST(CodeName, EveryCodeHasANameOfItsOwnAndOtherNumbersHaveNone) {
  std::set<std::string> names;
  int codes = 0;
  for (int32_t number = -1; number < 200; ++number) {
    const std::string name = code_name(static_cast<Code>(number));
    if (name == "unknown") continue;
    ++codes;
    names.insert(name);
  }
  EXPECT_EQ(codes, 25);
  EXPECT_EQ(names.size(), 25U);
  EXPECT_STREQ(code_name(Code::kOk), "ok");
  EXPECT_STREQ(code_name(Code::kUtf8), "utf8");
  EXPECT_STREQ(code_name(static_cast<Code>(99)), "unknown");
}

}  // namespace
}  // namespace patron
