// TZif, the compiled form of a time zone: RFC 8536.
//
// What is read is the 64-bit part of a file: its header, data and footer (patron's own zone data
// has no other part). Nothing in it is believed before it is checked.
//
// Thread class of everything here: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/base/posix_tz.h"
#include "patron/status.h"

namespace patron::internal {

struct Tzif {
  int32_t first_offset = 0;          ///< seconds east of UTC before the first transition
  std::vector<int64_t> transitions;  ///< seconds since 1970-01-01T00:00:00Z, increasing
  std::vector<int32_t> offsets;      ///< offsets[i] from transitions[i] on
  std::optional<PosixTz> footer;     ///< the rules after the last transition
};

/// Offsets that RFC 8536, section 3.2 allows: more than -25 h, less than 26 h.
inline constexpr int32_t kMinOffset = -89'999;
inline constexpr int32_t kMaxOffset = 93'599;

/// Reads a TZif file from its second header on. Code::kZone says what is wrong with it. Leap
/// seconds are refused: an instant of patron's has none.
Result<Tzif> read_tzif(std::string_view bytes);

}  // namespace patron::internal
