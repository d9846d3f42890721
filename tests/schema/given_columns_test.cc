#include "lib/schema/given_columns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace patron::internal {
namespace {

// The rows "| `orders` | `time`, `amount` (money; ...), ... |" of docs/policy.md: of each stream,
// its columns and the type that stands behind a column or the last of several.
std::map<std::string, std::vector<std::string>> documented() {
  std::ifstream file("docs/policy.md");
  std::map<std::string, std::vector<std::string>> streams;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    const size_t end = line.find('`', 3);
    const std::string stream = line.substr(3, end - 3);
    if (std::find(kGivenStreams.begin(), kGivenStreams.end(), stream) == kGivenStreams.end())
      continue;
    if (line.find("`time`") == std::string::npos) continue;
    for (size_t at = line.find('`', end + 1); at != std::string::npos;) {
      const size_t close = line.find('`', at + 1);
      streams[stream].push_back(line.substr(at + 1, close - at - 1));
      at = line.find('`', close + 1);
    }
  }
  return streams;
}

TEST(GivenColumns, AreThoseOfTheDocumentation) {
  std::map<std::string, std::vector<std::string>> given;
  for (const std::string_view stream : kGivenStreams) given[std::string(stream)] = {"time"};
  for (const GivenColumn& column : kGivenColumns) {
    given.at(std::string(column.stream)).emplace_back(column.name);
  }
  EXPECT_EQ(given, documented());
}

TEST(GivenColumns, HaveIdsOfCustomersInReferralsAlone) {
  for (const GivenColumn& column : kGivenColumns) {
    EXPECT_EQ(column.customer, column.name == "referrer" || column.name == "referred")
        << column.name;
    if (column.customer) {
      EXPECT_EQ(column.kind, Kind::kString) << column.name;
    }
  }
}

}  // namespace
}  // namespace patron::internal
