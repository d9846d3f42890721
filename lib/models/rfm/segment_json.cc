// Segment tables as JSON.

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/json.h"
#include "lib/base/json_writer.h"
#include "lib/models/rfm/segment_data.h"
#include "patron/segments.h"

namespace patron {
inline namespace v0 {
namespace {

using internal::JsonKind;
using internal::JsonValue;
using internal::JsonWriter;

constexpr auto kSegmentKeys = std::to_array<std::string_view>(
    {"name", "label_zh", "codes", "r", "f", "m", "fm", "advice", "advice_zh"});
constexpr auto kTexts = std::to_array<std::pair<std::string_view, std::string SegmentRow::*>>(
    {{"name", &SegmentRow::name},
     {"label_zh", &SegmentRow::label_zh},
     {"advice", &SegmentRow::advice},
     {"advice_zh", &SegmentRow::advice_zh}});
constexpr auto kRanges =
    std::to_array<std::pair<std::string_view, std::optional<ScoreRange> SegmentRow::*>>(
        {{"r", &SegmentRow::r},
         {"f", &SegmentRow::f},
         {"m", &SegmentRow::m},
         {"fm", &SegmentRow::fm}});

Status document_error(std::string message, size_t row, int64_t offset) {
  return Status(Code::kDocument, std::move(message), static_cast<int64_t>(row), offset);
}

// A code is its digits, as a number or as text: three, or two for each axis where there are 10
// bins.
Result<Scores> read_code(JsonValue value, const std::string& prefix, size_t row, int bins) {
  const int base = bins > 9 ? 100 : 10;
  const size_t digits = bins > 9 ? 6 : 3;
  int64_t code = -1;
  if (value.is(JsonKind::kInt)) {
    code = value.integer();
  } else if (value.is(JsonKind::kString) && value.string().size() == digits) {
    code = 0;
    for (char c : value.string())
      code = c >= '0' && c <= '9' && code >= 0 ? code * 10 + (c - '0') : -1;
  }
  if (code < 0 || code >= int64_t{base} * base * base) {
    return document_error(prefix + "code " + value.source() + " is no " +
                              (bins > 9 ? "two digits each of r, f and m, such as 100908"
                                        : "three digits r, f and m, such as 554"),
                          row, value.offset());
  }
  const auto part = static_cast<int>(code);
  return Scores{part / base / base, part / base % base, part % base};
}

Result<ScoreRange> read_range(JsonValue value, const std::string& prefix, size_t row) {
  if (value.is_number()) return ScoreRange{value.number(), value.number()};
  if (value.is(JsonKind::kArray) && value.size() == 2) {
    auto bound = value.items().begin();
    const JsonValue low = *bound++;
    const JsonValue high = *bound;
    if (low.is_number() && high.is_number()) return ScoreRange{low.number(), high.number()};
  }
  return document_error(prefix + std::string(value.key()) + " is " + value.source() +
                            "; write one score, such as 4, or a range, such as [4, 5]",
                        row, value.offset());
}

Status read_texts(JsonValue object, const std::string& prefix, size_t row, SegmentRow& out) {
  for (const auto& [key, member] : kTexts) {
    const auto value = object.find(key);
    if (!value) continue;
    if (!value->is(JsonKind::kString)) {
      return document_error(
          prefix + std::string(key) + " is " + value->source() + "; it must be a string", row,
          value->offset());
    }
    out.*member = value->string();
  }
  return Status();
}

Result<SegmentRow> read_row(JsonValue object, size_t row, int bins) {
  SegmentRow out;
  const auto name = object.find("name");
  if (name && name->is(JsonKind::kString)) out.name = name->string();
  const std::string prefix = internal::row_prefix(row, out);
  const std::string what = prefix.substr(0, prefix.size() - 2);
  if (Status status = object.require_object(what, kSegmentKeys); !status.ok()) {
    return document_error(status.message(), row, status.byte_offset());
  }
  if (!name) return document_error(prefix + "the key name is missing", row, object.offset());
  if (Status status = read_texts(object, prefix, row, out); !status.ok()) return status;
  for (const auto& [key, member] : kRanges) {
    const auto value = object.find(key);
    if (!value) continue;
    Result<ScoreRange> range = read_range(*value, prefix, row);
    if (!range.ok()) return range.status();
    out.*member = *range;
  }
  const auto codes = object.find("codes");
  if (!codes) return out;
  if (!codes->is(JsonKind::kArray) || codes->size() == 0) {
    return document_error(prefix + "codes is " + codes->source() +
                              "; write an array of at least one code, such as [555, 554]",
                          row, codes->offset());
  }
  for (JsonValue value : codes->items()) {
    Result<Scores> code = read_code(value, prefix, row, bins);
    if (!code.ok()) return code.status();
    out.codes.push_back(*code);
  }
  return out;
}

void write_bound(JsonWriter& writer, double bound) {
  if (bound == std::floor(bound)) {
    writer.integer(static_cast<int64_t>(bound));
  } else {
    writer.number(bound);
  }
}

void write_row(JsonWriter& writer, const SegmentRow& row, int bins) {
  writer.begin_object();
  writer.key("name").string(row.name);
  if (!row.label_zh.empty()) writer.key("label_zh").string(row.label_zh);
  if (!row.codes.empty()) {
    const int base = bins > 9 ? 100 : 10;
    writer.key("codes").begin_array();
    for (const Scores& code : row.codes) writer.integer((code.r * base + code.f) * base + code.m);
    writer.end_array();
  }
  for (const auto& [key, member] : kRanges) {
    const std::optional<ScoreRange>& range = row.*member;
    if (!range) continue;
    writer.key(key).begin_array();
    write_bound(writer, range->low);
    write_bound(writer, range->high);
    writer.end_array();
  }
  if (!row.advice.empty()) writer.key("advice").string(row.advice);
  if (!row.advice_zh.empty()) writer.key("advice_zh").string(row.advice_zh);
  writer.end_object();
}

}  // namespace

Result<SegmentTable> SegmentTable::parse(std::string_view json, int bins) {
  if (bins < 2 || bins > internal::kMaxSegmentBins) return make({}, bins);
  Result<internal::JsonDocument> document = internal::JsonDocument::parse(json);
  if (!document.ok()) return document.status();
  const JsonValue root = document->root();
  if (Status status = root.require("segment table", JsonKind::kArray); !status.ok()) return status;
  std::vector<SegmentRow> rows;
  std::vector<int64_t> offsets;
  for (JsonValue object : root.items()) {
    Result<SegmentRow> row = read_row(object, rows.size(), bins);
    if (!row.ok()) return row.status();
    rows.push_back(*std::move(row));
    offsets.push_back(object.offset());
  }
  Result<SegmentTable> table = make(std::move(rows), bins);
  if (table.ok()) return table;
  const Status status = table.status();
  const int64_t offset =
      status.row() < 0 ? root.offset() : offsets[static_cast<size_t>(status.row())];
  return Status(status.code(), status.message(), status.row(), offset);
}

std::string SegmentTable::to_json() const {
  JsonWriter writer;
  writer.begin_array(JsonWriter::Layout::kLines);
  for (const SegmentRow& row : data_->rows) write_row(writer, row, data_->bins);
  writer.end_array();
  return writer.take();
}

}  // namespace v0
}  // namespace patron
