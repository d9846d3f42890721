// The zone data inside the library: written at build time by tools/embed_zones.py.
#pragma once

#include <span>
#include <string_view>

namespace patron::internal {

/// All zones, in byte order of their names; rules[i] belongs to names[i].
struct ZoneData {
  std::string_view version;                 ///< of the IANA release, such as "2026a"
  std::string_view hash;                    ///< SHA-256 over the names and the rules, in hex
  std::span<const std::string_view> names;  ///< link names included
  std::span<const std::string_view> rules;  ///< TZif without its 32-bit block (lib/base/tzif.h)
};

extern const ZoneData kZoneData;

}  // namespace patron::internal
