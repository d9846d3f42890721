#include "lib/base/arrow_format.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace patron::internal {
namespace {

// The format strings of the Arrow C data interface, and what Arrow calls the types.
TEST(ArrowFormat, EveryTypeThatPatronReadsComesAndGoesByItsFormatString) {
  const std::vector<std::pair<std::string, std::string>> known{
      {"n", "null"},
      {"b", "bool"},
      {"c", "int8"},
      {"C", "uint8"},
      {"s", "int16"},
      {"S", "uint16"},
      {"i", "int32"},
      {"I", "uint32"},
      {"l", "int64"},
      {"L", "uint64"},
      {"f", "float"},
      {"g", "double"},
      {"u", "utf8"},
      {"U", "large_utf8"},
      {"vu", "utf8_view"},
      {"d:19,10", "decimal128(19, 10)"},
      {"d:38,-2", "decimal128(38, -2)"},
      {"tdD", "date32"},
      {"tdm", "date64"},
      {"tss:", "timestamp[s]"},
      {"tsm:Asia/Shanghai", "timestamp[ms, tz=Asia/Shanghai]"},
      {"tsu:UTC", "timestamp[us, tz=UTC]"},
      {"tsn:+08:00", "timestamp[ns, tz=+08:00]"},
      {"tDs", "duration[s]"},
      {"tDm", "duration[ms]"},
      {"tDu", "duration[us]"},
      {"tDn", "duration[ns]"},
  };
  for (const auto& [format, name] : known) {
    const DataType type = parse_arrow_format(format);
    EXPECT_EQ(type_name(type), name) << format;
    EXPECT_EQ(arrow_format(type), format);
  }
}

TEST(ArrowFormat, ADecimalMayNameItsWidth) {
  const DataType type = parse_arrow_format("d:12,2,128");
  EXPECT_EQ(type.type, Type::kDecimal128);
  EXPECT_EQ(type.precision, 12);
  EXPECT_EQ(type.scale, 2);
}

TEST(ArrowFormat, OtherTypesAreUnsupportedAndSayWhatTheyAre) {
  const std::vector<std::pair<std::string, std::string>> other{
      {"e", "float16"},
      {"z", "binary"},
      {"vz", "binary_view"},
      {"w:16", "fixed_binary"},
      {"tts", "time of day"},
      {"tiD", "interval"},
      {"+l", "list"},
      {"+vl", "list_view"},
      {"+w:3", "fixed_list"},
      {"+s", "struct"},
      {"+m", "map"},
      {"+ud:0,1", "union"},
      {"+r", "run_end_encoded"},
      {"d:40,2,256", "decimal of another width"},
      {"d:5,2,32", "decimal of another width"},
      {"d:0,0", "decimal of another width"},
      {"d:x", "decimal of another width"},
      {"tsx:", "unknown"},
      {"tss", "unknown"},
      {"tDx", "unknown"},
      {"tDsx", "unknown"},
      {"", "unknown"},
      {"ll", "unknown"},
      {"l:", "unknown"},
  };
  for (const auto& [format, name] : other) {
    const DataType type = parse_arrow_format(format);
    EXPECT_EQ(type.type, Type::kUnsupported) << format;
    EXPECT_EQ(type.format, format);
    EXPECT_EQ(arrow_format(type), format);
    EXPECT_NE(type_name(type).find(name), std::string::npos) << type_name(type);
    EXPECT_NE(type_name(type).find("\"" + format + "\""), std::string::npos);
  }
}

TEST(TypeName, ADictionaryNamesItsIndicesAndValues) {
  DataType type;
  type.type = Type::kDictionary;
  type.index = Type::kUint16;
  type.value = Type::kLargeString;
  EXPECT_EQ(type_name(type), "dictionary<uint16, large_utf8>");
  EXPECT_EQ(arrow_format(type), "S");
}

TEST(TypeName, AnUnknownNumberIsNoCrash) {
  DataType type;
  type.type = static_cast<Type>(77);
  EXPECT_EQ(type_name(type), "unknown");
}

}  // namespace
}  // namespace patron::internal
