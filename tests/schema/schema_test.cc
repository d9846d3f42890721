#include "patron/schema.h"

#include <gtest/gtest.h>

#include <string>

namespace patron {
namespace {

Status refused(const std::string& json) {
  const Result<Schema> schema = Schema::from_json(json);
  EXPECT_FALSE(schema.ok()) << json;
  return schema.status();
}

TEST(Schema, ReadsFieldsOfEveryKind) {
  const Result<Schema> schema = Schema::from_json(R"({
    "timezone": "Asia/Shanghai", "money": {"currency": "JPY", "scale": 0},
    "fields": {"a": "bool", "rfm.f": "int64", "m": "money",
               "e": {"type": "enum", "values": ["x", "y"], "ordered": true, "nullable": false},
               "s": {"type": "enum_set", "values": ["p", "q"]}}})");
  ASSERT_TRUE(schema.ok()) << schema.status().message();
  EXPECT_EQ(schema->fields().size(), 5u);
  EXPECT_EQ(schema->zone().name(), "Asia/Shanghai");
  EXPECT_EQ(schema->find("rfm.f"), 1);
  EXPECT_EQ(schema->find("rfm"), -1);
  const FieldSpec& money = schema->fields()[2];
  EXPECT_EQ(money.unit.scale, 0);
  const FieldSpec& e = schema->fields()[3];
  EXPECT_TRUE(e.ordered);
  EXPECT_FALSE(e.nullable);
  EXPECT_EQ(e.values, (std::vector<std::string>{"x", "y"}));
}

TEST(Schema, RefusesWhatMeansNothing) {
  EXPECT_EQ(refused("[]").code(), Code::kDocument);
  EXPECT_EQ(refused("{").code(), Code::kSyntax);
  EXPECT_EQ(refused("{}").message(), "the schema has no \"fields\"");
  const Status kind = refused(R"({"fields": {"a": "int46"}})");
  EXPECT_NE(kind.message().find("did you mean \"int64\"?"), std::string::npos) << kind.message();
  EXPECT_EQ(kind.byte_offset(), 17);
  EXPECT_EQ(refused(R"({"fields": {"for": "bool"}})").byte_offset(), 12);
  EXPECT_EQ(refused(R"({"fields": {"a": {"type": "bool", "values": ["x"]}}})").code(),
            Code::kDocument);
  EXPECT_EQ(refused(R"({"fields": {"a": {"type": "enum_set"}}})").code(), Code::kDocument);
  EXPECT_EQ(refused(R"({"fields": {"a": {"type": "enum", "values": ["x", "x"]}}})").code(),
            Code::kDocument);
  EXPECT_EQ(refused(R"({"fields": {"a": {"type": "enum", "ordered": true}}})").code(),
            Code::kDocument);
  EXPECT_EQ(refused(R"({"fields": {"a": {"typ": "enum"}}})").code(), Code::kDocument);
  EXPECT_EQ(refused(R"({"fields": {}, "timezone": "Asia/Shangai"})").code(), Code::kZone);
  EXPECT_EQ(refused(R"({"fields": {}, "money": {"scale": 10}})").code(), Code::kDocument);
  EXPECT_EQ(refused(R"({"fields": {}, "money": {"currency": "cny"}})").code(), Code::kDocument);
}

TEST(Schema, RefusesANameThatComesTwice) {
  FieldSpec a, b;
  a.name = b.name = "x";
  const Result<Schema> schema = Schema::make({a, b});
  ASSERT_FALSE(schema.ok());
  EXPECT_EQ(schema.status().message(), "field \"x\" comes twice");
  EXPECT_EQ(Schema::make(std::vector<FieldSpec>(5000)).status().code(), Code::kLimit);
}

}  // namespace
}  // namespace patron
