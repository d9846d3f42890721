#include "lib/engine/settle/known_days.h"

#include <gtest/gtest.h>

#include <random>

namespace patron::internal {
namespace {

TEST(KnownDays, AreThoseOfTheZone) {
  for (const char* name : {"UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Apia"}) {
    const TimeZone zone = *TimeZone::load(name);
    KnownDays days(zone);
    std::mt19937_64 random(7);
    for (int i = 0; i < 3000; ++i) {
      // Some days fall on the place of another.
      const Day day =
          static_cast<Day>(random() % 3) * 512 + static_cast<Day>(random() % 40) + 14'900;
      ASSERT_EQ(days.begin(day), zone.start_of_day(day)) << name << " " << day;
      const Micros t = zone.start_of_day(day) + static_cast<Micros>(random() % 3) - 1;
      ASSERT_EQ(days.of(t), zone.local_day(t)) << name << " " << day;
      ASSERT_EQ(days.of(t), zone.local_day(t));
    }
    EXPECT_EQ(days.begin(0), zone.start_of_day(0));
    for (int i = 0; i < 3000; ++i) {
      // One season after the other, and the centuries after those that the zone is written out for.
      const Micros far = i % 100 == 0 ? 500 * 365 * kMicrosPerDay : 0;
      const Micros t = far + i * 11 * kMicrosPerDay + static_cast<Micros>(random() % kMicrosPerDay);
      ASSERT_EQ(days.of(t), zone.local_day(t)) << name << " " << t;
    }
    for (const Micros t : {kMinTime, kEndTime - 1, kMinTime}) {
      EXPECT_EQ(days.of(t), zone.local_day(t));
    }
  }
}

}  // namespace
}  // namespace patron::internal
