#include "lib/base/tzif.h"

#include <string>

namespace patron::internal {
namespace {

constexpr size_t kHeaderSize = 44;

uint64_t big_endian(std::string_view bytes, size_t at, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  return value;
}

int64_t int64_at(std::string_view bytes, size_t at) {
  return static_cast<int64_t>(big_endian(bytes, at, 8));
}

int32_t int32_at(std::string_view bytes, size_t at) {
  return static_cast<int32_t>(static_cast<uint32_t>(big_endian(bytes, at, 4)));
}

Status damaged(const char* what) {
  return {Code::kZone, std::string("the time zone data is damaged: ") + what};
}

}  // namespace

Result<Tzif> read_tzif(std::string_view bytes) {
  if (bytes.size() < kHeaderSize) return damaged("shorter than its header");
  if (bytes.substr(0, 4) != "TZif") return damaged("it does not begin with \"TZif\"");
  if (bytes[4] < '2') return damaged("it has no 64-bit data (version 1)");
  uint64_t count[6];  // isut, isstd, leap, time, type, char
  for (size_t i = 0; i < 6; ++i) count[i] = big_endian(bytes, 20 + 4 * i, 4);
  const size_t times = count[3], types = count[4];
  if (count[2] != 0) return damaged("it counts leap seconds");
  if (types == 0 || types > 256) return damaged("it has no local time type, or more than 256");
  const size_t times_at = kHeaderSize;
  const size_t kinds_at = times_at + 8 * times;
  const size_t types_at = kinds_at + times;
  const size_t footer_at = types_at + 6 * types + count[5] + count[1] + count[0];
  if (bytes.size() < footer_at) return damaged("shorter than its header says");

  Tzif zone;
  std::vector<int32_t> offset_of(types);
  for (size_t i = 0; i < types; ++i) {
    offset_of[i] = int32_at(bytes, types_at + 6 * i);
    if (offset_of[i] < kMinOffset || offset_of[i] > kMaxOffset) {
      return damaged("an offset from UTC is more than a day");
    }
  }
  zone.first_offset = offset_of[0];
  zone.transitions.resize(times);
  zone.offsets.resize(times);
  for (size_t i = 0; i < times; ++i) {
    zone.transitions[i] = int64_at(bytes, times_at + 8 * i);
    if (i > 0 && zone.transitions[i] <= zone.transitions[i - 1]) {
      return damaged("its transitions are out of order");
    }
    const size_t kind = static_cast<uint8_t>(bytes[kinds_at + i]);
    if (kind >= types) return damaged("a transition has an unknown type");
    zone.offsets[i] = offset_of[kind];
  }

  const std::string_view footer = bytes.substr(footer_at);
  if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') {
    return damaged("its footer is not between two line ends");
  }
  if (footer.size() > 2) {
    zone.footer = parse_posix_tz(footer.substr(1, footer.size() - 2));
    if (!zone.footer) return damaged("its footer is no POSIX time zone");
  }
  return zone;
}

}  // namespace patron::internal
