// Instants, and the local days that they fall on.
#include <patron/time.h>

#include <iostream>

int main() {
  const patron::Result<patron::TimeZone> loaded = patron::TimeZone::load("America/Sao_Paulo");
  if (!loaded.ok()) {
    std::cerr << loaded.status().message() << '\n';
    return 1;
  }
  const patron::TimeZone& zone = *loaded;

  // With an offset it is an instant; without one it is a wall clock of the zone.
  const patron::Micros a = *patron::parse_time("2018-11-04T02:59:59Z", zone);
  const patron::Micros b = *patron::parse_time("2018-11-03T23:59:59", zone);
  std::cout << (a == b ? "one instant\n" : "two instants\n");                 // one instant
  std::cout << patron::format_date(zone.local_day(a)) << '\n';                // 2018-11-03
  std::cout << patron::format_date(patron::TimeZone().local_day(a)) << '\n';  // 2018-11-04, in UTC

  // The clocks went from 00:00 to 01:00 that night: the day starts at its first instant.
  const patron::Micros start = *patron::parse_time("2018-11-04", zone);
  std::cout << patron::format_time(start) << '\n';  // 2018-11-04T03:00:00Z
  std::cout << patron::format_time(zone.to_wall(start)).substr(11, 5) << '\n';  // 01:00

  std::cout << patron::zone_data_version() << '\n';  // the release of the zone data, such as 2026a
  const bool good = a == b && start == a + patron::kMicrosPerSecond;
  return good ? 0 : 1;
}
