// The policies of examples/policies, as text.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string>

namespace patron::test {

inline constexpr std::array<const char*, 5> kPolicies{"b2b", "baby", "bank", "ecommerce", "retail"};

inline std::string policy_text(const std::string& name) {
  std::ifstream file("examples/policies/" + name + ".json");
  EXPECT_TRUE(file.good()) << "examples/policies/" << name << ".json cannot be read";
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace patron::test
