// Periods and rolling windows, where months are not all equally long.
#include <patron/time.h>

#include <iostream>

int main() {
  const patron::TimeZone utc;
  const patron::Period month = *patron::parse_period("1mo");
  const patron::Micros january = *patron::parse_time("2026-01-31T17:30:00", utc);

  // There is no 31 February: what is a month old then is so from the first day of March.
  std::cout << patron::format_time(utc.add(january, month)) << '\n';  // 2026-03-01T00:00:00Z

  // So at noon of 28 February the window of a month still holds that order, and on 1 March no more.
  const patron::Micros february = *patron::parse_time("2026-02-28T12:00:00", utc);
  const patron::Micros march = *patron::parse_time("2026-03-01T00:00:00", utc);
  std::cout << (utc.window_start(february, month) <= january ? "inside\n" : "outside\n");  // inside
  std::cout << (utc.window_start(march, month) <= january ? "inside\n" : "outside\n");  // outside

  // A period needs its unit: "90" has no unit; write "90d" for days
  std::cout << patron::parse_period("90").status().message() << '\n';

  const bool good = utc.add(january, month) == march &&
                    utc.window_start(february, month) <= january &&
                    utc.window_start(march, month) > january;
  return good ? 0 : 1;
}
