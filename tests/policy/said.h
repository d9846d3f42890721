// What a check says of a small policy, as "code pointer" lines; notes are left out.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "patron/policy.h"

namespace patron::test {

using Said = std::vector<std::string>;

inline std::string policy_with(const std::string& rest) {
  return R"({"patron": 1, "name": "x", "money": {"currency": "EUR"}, "customer": {"id": "int64"},)" +
         rest + "}";
}

inline Said said_of_text(const std::string& text, std::string* messages = nullptr) {
  Said out;
  for (const PolicyFinding& one : Policy::check(text).findings) {
    if (one.severity == Severity::kNote) continue;
    out.push_back(one.code + " " + one.pointer);
    if (messages != nullptr) *messages += one.message + "\n";
  }
  return out;
}

/// Of the rest of a policy, behind its first lines.
inline Said said_of(const std::string& rest, std::string* messages = nullptr) {
  return said_of_text(policy_with(rest), messages);
}

/// One tag over orders and interactions.
inline Said said_of_tag(const std::string& tag, std::string* messages = nullptr) {
  return said_of(
      R"("streams": {"orders": {}, "interactions": {}}, "attributes": {"a": {"type": "int64"}},
                    "tags": [)" +
          tag + "]",
      messages);
}

/// One classification over a money, an int64 and a bool.
inline Said said_of_class(const std::string& classification, std::string* messages = nullptr) {
  return said_of(
      R"("attributes": {"spend": {"type": "money"}, "n": {"type": "int64"}, "vip": {"type": "bool"}},
                    "classifications": [)" +
          classification + "]",
      messages);
}

}  // namespace patron::test
