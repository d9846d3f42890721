#include "lib/base/arrow_format.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "lib/base/utf8.h"

namespace patron {
inline namespace v0 {
namespace {

struct Simple {
  Type type;
  std::string_view format;
  std::string_view name;
};

constexpr std::array kSimple{
    Simple{Type::kNull, "n", "null"},
    Simple{Type::kBool, "b", "bool"},
    Simple{Type::kInt8, "c", "int8"},
    Simple{Type::kInt16, "s", "int16"},
    Simple{Type::kInt32, "i", "int32"},
    Simple{Type::kInt64, "l", "int64"},
    Simple{Type::kUint8, "C", "uint8"},
    Simple{Type::kUint16, "S", "uint16"},
    Simple{Type::kUint32, "I", "uint32"},
    Simple{Type::kUint64, "L", "uint64"},
    Simple{Type::kFloat, "f", "float"},
    Simple{Type::kDouble, "g", "double"},
    Simple{Type::kString, "u", "utf8"},
    Simple{Type::kLargeString, "U", "large_utf8"},
    Simple{Type::kStringView, "vu", "utf8_view"},
    Simple{Type::kDate32, "tdD", "date32"},
    Simple{Type::kDate64, "tdm", "date64"},
};

// What Arrow has and patron does not read, by how the format string begins.
struct Foreign {
  std::string_view prefix;
  std::string_view name;
};

constexpr std::array kForeign{
    Foreign{"e", "float16"},
    Foreign{"z", "binary"},
    Foreign{"Z", "large_binary"},
    Foreign{"vz", "binary_view"},
    Foreign{"w:", "fixed_binary"},
    Foreign{"d:", "decimal of another width"},
    Foreign{"tt", "time of day"},
    Foreign{"ti", "interval"},
    Foreign{"+l", "list"},
    Foreign{"+L", "large_list"},
    Foreign{"+vl", "list_view"},
    Foreign{"+vL", "large_list_view"},
    Foreign{"+w:", "fixed_list"},
    Foreign{"+s", "struct"},
    Foreign{"+m", "map"},
    Foreign{"+u", "union"},
    Foreign{"+r", "run_end_encoded"},
};

constexpr std::string_view kUnitLetters = "smun";
constexpr std::array<std::string_view, 4> kUnitNames{"s", "ms", "us", "ns"};

std::string_view simple_name(Type type) {
  for (const Simple& simple : kSimple) {
    if (simple.type == type) return simple.name;
  }
  return "unknown";
}

std::string unsupported_name(const DataType& type) {
  std::string_view name = "a type unknown to patron";
  for (const Foreign& foreign : kForeign) {
    if (type.format.starts_with(foreign.prefix)) name = foreign.name;
  }
  return (type.value == Type::kUnsupported ? "dictionary of " : "") + std::string(name) +
         " (Arrow format " + internal::quoted(type.format, 40) + ")";
}

size_t unit_index(TimeUnit unit) { return static_cast<size_t>(unit) & 3; }

std::optional<int32_t> take_number(std::string_view& text) {
  int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return value;
}

// "12,2" or "12,2,128"
bool parse_decimal(std::string_view text, DataType& type) {
  const std::optional<int32_t> precision = take_number(text);
  if (!precision || *precision < 1 || *precision > 38 || !text.starts_with(',')) return false;
  text.remove_prefix(1);
  const std::optional<int32_t> scale = take_number(text);
  if (!scale || *scale < -127 || *scale > 127 || (!text.empty() && text != ",128")) return false;
  type.type = Type::kDecimal128;
  type.precision = *precision;
  type.scale = *scale;
  return true;
}

}  // namespace

std::string type_name(const DataType& type) {
  const auto unit = [&] { return std::string(kUnitNames[unit_index(type.unit)]); };
  switch (type.type) {
    case Type::kUnsupported:
      return unsupported_name(type);
    case Type::kDecimal128:
      return "decimal128(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) +
             ")";
    case Type::kTimestamp:
      return "timestamp[" + unit() +
             (type.zone.empty() ? "" : ", tz=" + internal::printable(type.zone)) + "]";
    case Type::kDuration:
      return "duration[" + unit() + "]";
    case Type::kDictionary:
      return "dictionary<" + std::string(simple_name(type.index)) + ", " +
             std::string(simple_name(type.value)) + ">";
    default:
      return std::string(simple_name(type.type));
  }
}

}  // namespace v0

namespace internal {

DataType parse_arrow_format(std::string_view format) {
  DataType type;
  for (const Simple& simple : kSimple) {
    if (simple.format == format) {
      type.type = simple.type;
      return type;
    }
  }
  if (format.starts_with("d:") && parse_decimal(format.substr(2), type)) return type;
  if (format.size() >= 3 && (format.starts_with("ts") || format.starts_with("tD"))) {
    const size_t unit = kUnitLetters.find(format[2]);
    const bool stamp = format[1] == 's';
    const bool shape = stamp ? format.size() >= 4 && format[3] == ':' : format.size() == 3;
    if (unit != std::string_view::npos && shape) {
      type.type = stamp ? Type::kTimestamp : Type::kDuration;
      type.unit = static_cast<TimeUnit>(unit);
      if (stamp) type.zone = format.substr(4);
      return type;
    }
  }
  type.type = Type::kUnsupported;
  type.format = format;
  return type;
}

std::string arrow_format(const DataType& type) {
  const char unit = kUnitLetters[unit_index(type.unit)];
  switch (type.type) {
    case Type::kUnsupported:
      return type.format;
    case Type::kDecimal128:
      return "d:" + std::to_string(type.precision) + "," + std::to_string(type.scale);
    case Type::kTimestamp:
      return std::string("ts") + unit + ":" + type.zone;
    case Type::kDuration:
      return std::string("tD") + unit;
    default:
      break;
  }
  const Type stored = type.type == Type::kDictionary ? type.index : type.type;
  for (const Simple& simple : kSimple) {
    if (simple.type == stored) return std::string(simple.format);
  }
  return "n";
}

}  // namespace internal
}  // namespace patron
