// Instants as tests write them.
//
//   at("2026-03-01T08:30:00Z")
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "patron/time.h"

namespace patron::test {

inline Micros at(std::string_view text, const TimeZone& zone = TimeZone()) {
  const Result<Micros> t = parse_time(text, zone);
  EXPECT_TRUE(t.ok()) << t.status().message();
  return t.ok() ? *t : 0;
}

}  // namespace patron::test
