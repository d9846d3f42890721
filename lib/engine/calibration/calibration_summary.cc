#include "lib/engine/calibration/calibration_summary.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "lib/base/sha256.h"
#include "lib/engine/calibration/byte_code.h"

namespace patron::internal {
namespace {

constexpr std::string_view kMagic = "patron summary 1\n";
constexpr size_t kCheckSum = 16;  // hexadecimal digits of the SHA-256
constexpr size_t kWidest = 4;

std::string check_sum(std::string_view bytes) { return sha256_hex(bytes).substr(0, kCheckSum); }

void write_id(const CalibrationId& id, ByteWriter& out) {
  out.whole(id.number);
  out.text(id.text);
}

// The first number of a row as its distance from the row before.
void write_rows(const Multiset& rows, ByteWriter& out) {
  out.number(rows.width());
  out.number(rows.size());
  uint64_t before = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const std::span<const int64_t> row = rows.row(i);
    const auto first = static_cast<uint64_t>(row[0]);
    out.whole(static_cast<int64_t>(first - before));
    before = first;
    for (size_t c = 1; c < row.size(); ++c) out.whole(row[c]);
    out.number(static_cast<uint64_t>(rows.count(i)));
  }
}

bool read_rows(ByteReader& in, Multiset& rows) {
  uint64_t width = 0, size = 0;
  if (!in.number(width) || width < 1 || width > kWidest || !in.number(size)) return false;
  if (size > in.left()) return false;  // a row has a byte at least
  rows = Multiset(width);
  uint64_t first = 0, total = 0;
  std::array<int64_t, kWidest> row{};
  for (uint64_t i = 0; i < size; ++i) {
    uint64_t count = 0;
    for (size_t c = 0; c < width; ++c) {
      if (!in.whole(row[c])) return false;
    }
    first += static_cast<uint64_t>(row[0]);
    row[0] = static_cast<int64_t>(first);
    if (!in.number(count) || count > uint64_t{std::numeric_limits<int64_t>::max()} - total) {
      return false;
    }
    total += count;
    if (!rows.append(std::span(row).first(width), static_cast<int64_t>(count))) return false;
    if (rows.size() != i + 1) return false;  // the same row again
  }
  return true;
}

bool read_id(ByteReader& in, CalibrationId& id) { return in.whole(id.number) && in.text(id.text); }

bool read_roll(ByteReader& in, CalibrationRoll& roll) {
  uint64_t size = 0;
  if (!in.number(size) || size > in.left()) return false;
  for (uint64_t i = 0; i < size; ++i) {
    RollEntry entry;
    if (!read_id(in, entry.id) || !read_id(in, entry.other)) return false;
    for (int64_t& fact : entry.facts) {
      if (!in.whole(fact)) return false;
    }
    if (!roll.empty() && !(roll.back().id < entry.id)) return false;
    roll.push_back(std::move(entry));
  }
  return true;
}

bool read_section(ByteReader& in, SummarySection& section) {
  return in.text(section.name) && read_rows(in, section.rows) && read_roll(in, section.roll);
}

bool read_body(ByteReader& in, CalibrationSummary& out) {
  uint64_t sections = 0;
  if (!in.text(out.policy) || !in.text(out.basis) || !in.whole(out.at) || !in.whole(out.stage) ||
      !in.whole(out.customers) || out.customers < 0 || !in.number(sections) ||
      sections > in.left()) {
    return false;
  }
  for (uint64_t i = 0; i < sections; ++i) {
    SummarySection section;
    if (!read_section(in, section)) return false;
    out.sections.push_back(std::move(section));
  }
  return in.at_end();
}

Status differ(const std::string& what) {
  return {Code::kArgument, "summaries of different " + what +
                               " cannot be merged; summarise every part at the same instant, with "
                               "the same policy and calibration"};
}

// Both rolls in one; the name of somebody who is in both, if there is one.
Status merge_rolls(const CalibrationRoll& a, const CalibrationRoll& b, const std::string& section,
                   CalibrationRoll& out) {
  out.reserve(a.size() + b.size());
  const auto less = [](const RollEntry& x, const RollEntry& y) { return x.id < y.id; };
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out), less);
  const auto twice = std::adjacent_find(
      out.begin(), out.end(), [](const RollEntry& x, const RollEntry& y) { return x.id == y.id; });
  if (twice == out.end()) return {};
  return {Code::kArgument,
          section +
              ": a customer is in two parts; parts share nobody, and customers who are linked "
              "or referred one another stay together"};
}

}  // namespace

Status CalibrationSummary::merge(const CalibrationSummary& other) {
  if (policy != other.policy) return differ("policies");
  if (at != other.at) return differ("instants");
  if (stage != other.stage) return differ("stages");
  if (basis != other.basis) return differ("calibrations");
  if (customers > std::numeric_limits<int64_t>::max() - other.customers) return differ("worlds");
  std::vector<SummarySection> merged;
  if (sections.size() != other.sections.size()) return differ("sections");
  for (size_t i = 0; i < sections.size(); ++i) {
    const SummarySection &a = sections[i], &b = other.sections[i];
    if (a.name != b.name || a.rows.width() != b.rows.width()) return differ("sections");
    SummarySection both;
    both.name = a.name;
    both.rows = a.rows;
    both.rows.merge(b.rows);
    if (Status status = merge_rolls(a.roll, b.roll, a.name, both.roll); !status.ok()) return status;
    merged.push_back(std::move(both));
  }
  sections = std::move(merged);
  customers += other.customers;
  return {};
}

std::string CalibrationSummary::to_bytes() const {
  ByteWriter out;
  out.raw(kMagic);
  out.text(policy);
  out.text(basis);
  out.whole(at);
  out.whole(stage);
  out.whole(customers);
  out.number(sections.size());
  for (const SummarySection& section : sections) {
    out.text(section.name);
    write_rows(section.rows, out);
    out.number(section.roll.size());
    for (const RollEntry& entry : section.roll) {
      write_id(entry.id, out);
      write_id(entry.other, out);
      for (const int64_t fact : entry.facts) out.whole(fact);
    }
  }
  const std::string sum = check_sum(out.bytes());
  out.raw(sum);
  return out.take();
}

Result<CalibrationSummary> CalibrationSummary::parse(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) {
    return Status(Code::kSyntax,
                  "these bytes are no summary of customers: they do not begin with "
                  "\"patron summary 1\"",
                  -1, 0);
  }
  if (bytes.size() < kMagic.size() + kCheckSum ||
      bytes.substr(bytes.size() - kCheckSum) !=
          check_sum(bytes.substr(0, bytes.size() - kCheckSum))) {
    return Status(Code::kSyntax, "the summary is cut off or damaged: its check sum does not hold",
                  -1, static_cast<int64_t>(bytes.size()));
  }
  ByteReader in(bytes.substr(kMagic.size(), bytes.size() - kMagic.size() - kCheckSum));
  CalibrationSummary out;
  if (read_body(in, out)) return out;
  const size_t at = kMagic.size() + in.at();
  return Status(Code::kSyntax, "the summary means nothing from byte " + std::to_string(at) + " on",
                -1, static_cast<int64_t>(at));
}

}  // namespace patron::internal
