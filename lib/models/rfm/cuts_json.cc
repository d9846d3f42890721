// RfmCuts as JSON:
//
//   {"patron_rfm_cuts": 1, "timezone": "UTC", "customers": 2357, "scale": 2,
//    "recency": {"method": "quantile", "cuts": [30, 61, 90, 120], "octant_split": 75},
//    "frequency": {...}, "monetary": {...}}
//
// Days, order days and minor units are whole numbers, so nothing is rounded on the way.

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/json_writer.h"
#include "lib/base/nearest.h"
#include "patron/money.h"
#include "patron/rfm.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::JsonKind;
using internal::JsonValue;
using internal::JsonWriter;

constexpr int64_t kVersion = 1;
constexpr auto kKeys = std::to_array<std::string_view>(
    {"patron_rfm_cuts", "timezone", "customers", "scale", "recency", "frequency", "monetary"});
constexpr auto kAxisKeys = std::to_array<std::string_view>({"method", "cuts", "octant_split"});
constexpr auto kMethods = std::to_array<std::string_view>({"quantile", "nearest_rank", "fixed"});

Status mistake(std::string message, JsonValue where) {
  return Status(Code::kDocument, std::move(message), -1, where.offset());
}

std::string path_of(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : path + "/" + std::string(key);
}

Result<JsonValue> member(JsonValue object, const std::string& path, std::string_view key) {
  const auto value = object.find(key);
  if (value) return *value;
  return mistake(
      (path.empty() ? "RFM cuts" : path) + ": the key " + std::string(key) + " is missing", object);
}

Status integer(JsonValue value, const std::string& path, std::string_view unit, int64_t& out) {
  if (value.is(JsonKind::kInt)) {
    out = value.integer();
    return Status();
  }
  return mistake(path + ": " + value.source() + " is no whole number" +
                     (unit.empty() ? "" : " of ") + std::string(unit),
                 value);
}

Status read_method(JsonValue value, const std::string& path, RfmMethod& out) {
  for (size_t i = 0; value.is(JsonKind::kString) && i < kMethods.size(); ++i) {
    if (value.string() != kMethods[i]) continue;
    out = static_cast<RfmMethod>(i);
    return Status();
  }
  return mistake(path + ": " + value.source() +
                     " is no method; there are quantile, nearest_rank, fixed" +
                     internal::did_you_mean(value.string(), kMethods),
                 value);
}

Status read_cuts(JsonValue array, const std::string& path, std::string_view unit,
                 std::vector<int64_t>& out) {
  if (Status status = array.require(path, JsonKind::kArray); !status.ok()) return status;
  if (array.size() < 1 || array.size() > 9) {
    return mistake(path + ": " + std::to_string(array.size()) + " cuts; 2 to 10 bins have 1 to 9",
                   array);
  }
  for (JsonValue value : array.items()) {
    const std::string item = path + "/" + std::to_string(out.size());
    int64_t cut = 0;
    if (Status status = integer(value, item, unit, cut); !status.ok()) return status;
    if (!out.empty() && cut < out.back()) {
      return mistake(item + ": " + std::to_string(cut) + " comes after " +
                         std::to_string(out.back()) + "; write the cuts in rising order",
                     value);
    }
    out.push_back(cut);
  }
  return Status();
}

Status read_axis(JsonValue root, std::string_view key, std::string_view unit, RfmAxisCuts& out) {
  const std::string path(key);
  Result<JsonValue> object = member(root, "", key);
  if (!object.ok()) return object.status();
  if (Status status = object->require_object(path, kAxisKeys); !status.ok()) return status;
  Result<JsonValue> method = member(*object, path, "method");
  if (!method.ok()) return method.status();
  Status status = read_method(*method, path_of(path, "method"), out.method);
  if (!status.ok()) return status;
  Result<JsonValue> cuts = member(*object, path, "cuts");
  if (!cuts.ok()) return cuts.status();
  status = read_cuts(*cuts, path_of(path, "cuts"), unit, out.cuts);
  if (!status.ok()) return status;
  Result<JsonValue> split = member(*object, path, "octant_split");
  if (!split.ok()) return split.status();
  return integer(*split, path_of(path, "octant_split"), unit, out.octant_split);
}

Status read_bounded(JsonValue root, std::string_view key, int64_t low, int64_t high,
                    std::string_view remedy, int64_t& out) {
  Result<JsonValue> value = member(root, "", key);
  if (!value.ok()) return value.status();
  if (Status status = integer(*value, std::string(key), "", out); !status.ok()) return status;
  if (low <= out && out <= high) return Status();
  return mistake(std::string(key) + ": " + value->source() + " " + std::string(remedy), *value);
}

Status read_version(JsonValue root) {
  int64_t version = 0;
  return read_bounded(root, kKeys[0], kVersion, kVersion,
                      "is a version that this library does not read; it reads 1", version);
}

Status read_head(JsonValue root, RfmCuts& out) {
  int64_t scale = 0;
  Status status = read_bounded(root, "scale", 0, kMaxMoneyScale,
                               "is no scale; money has 0 to 9 decimal digits", scale);
  if (!status.ok()) return status;
  out.scale = static_cast<int>(scale);
  constexpr int64_t kMaxCustomers = 0xFFFFFFFE;
  status = read_bounded(root, "customers", 0, kMaxCustomers,
                        "is no number of customers; it goes from 0 to 4294967294", out.customers);
  if (!status.ok()) return status;
  Result<JsonValue> timezone = member(root, "", "timezone");
  if (!timezone.ok()) return timezone.status();
  if (!timezone->is(JsonKind::kString) || timezone->string().empty()) {
    return mistake("timezone: " + timezone->source() +
                       " is no name of a time zone; write one such as \"Europe/Berlin\"",
                   *timezone);
  }
  out.timezone = timezone->string();
  return Status();
}

void write_axis(JsonWriter& writer, std::string_view key, const RfmAxisCuts& axis) {
  writer.key(key).begin_object();
  writer.key("method").string(kMethods[static_cast<size_t>(axis.method)]);
  writer.key("cuts").begin_array();
  for (int64_t cut : axis.cuts) writer.integer(cut);
  writer.end_array();
  writer.key("octant_split").integer(axis.octant_split);
  writer.end_object();
}

}  // namespace

std::string RfmCuts::to_json() const {
  JsonWriter writer;
  writer.begin_object();
  writer.key("patron_rfm_cuts").integer(kVersion);
  writer.key("timezone").string(timezone);
  writer.key("customers").integer(customers);
  writer.key("scale").integer(scale);
  write_axis(writer, "recency", recency);
  write_axis(writer, "frequency", frequency);
  write_axis(writer, "monetary", monetary);
  writer.end_object();
  return writer.take();
}

Result<RfmCuts> RfmCuts::parse(std::string_view json) {
  Result<internal::JsonDocument> document = internal::JsonDocument::parse(json);
  if (!document.ok()) return document.status();
  const JsonValue root = document->root();
  RfmCuts cuts;
  Status status = root.require("RFM cuts", JsonKind::kObject);
  if (status.ok() && root.find(kKeys[0])) status = read_version(root);  // others have other keys
  if (status.ok()) status = root.require_object("RFM cuts", kKeys);
  if (status.ok()) status = read_version(root);
  if (status.ok()) status = read_head(root, cuts);
  if (!status.ok()) return status;
  struct Axis {
    std::string_view key, unit;
    RfmAxisCuts RfmCuts::*cuts;
  };
  constexpr std::array<Axis, 3> kAxes{{{"recency", "days", &RfmCuts::recency},
                                       {"frequency", "order days", &RfmCuts::frequency},
                                       {"monetary", "minor units", &RfmCuts::monetary}}};
  for (const Axis& axis : kAxes) {
    status = read_axis(root, axis.key, axis.unit, cuts.*axis.cuts);
    if (!status.ok()) return status;
  }
  return cuts;
}

}  // namespace v0
}  // namespace patron
