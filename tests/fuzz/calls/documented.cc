#include "tests/fuzz/calls/documented.h"

#include <fstream>
#include <iterator>
#include <regex>

#include "tests/fuzz/fuzz.h"

namespace patron::fuzz {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// "TIME, ZONE,\n   UTF8" as numbers.
std::set<patron_status> statuses(const std::string& list,
                                 const std::map<std::string, patron_status>& numbers) {
  static const std::regex name("[A-Z0-9]+");
  std::set<patron_status> out;
  for (std::sregex_iterator at(list.begin(), list.end(), name), end; at != end; ++at) {
    const auto found = numbers.find(at->str());
    FUZZ_CHECK(found != numbers.end());
    out.insert(found->second);
  }
  return out;
}

}  // namespace

Documented::Documented(const std::string& header) {
  const std::string text = read(header);
  std::map<std::string, patron_status> numbers;
  static const std::regex status(R"(#define PATRON_E_(\w+) +(\d+))");
  for (std::sregex_iterator at(text.begin(), text.end(), status), end; at != end; ++at) {
    numbers[at->str(1)] = std::stoi(at->str(2));
  }
  // A comment, and right behind it the function it belongs to.
  static const std::regex function(R"(\*/\nPATRON_API [\w* ]*?(patron_\w+)\()");
  for (std::sregex_iterator at(text.begin(), text.end(), function), end; at != end; ++at) {
    const std::string name = at->str(1);
    functions_.insert(name);
    const size_t close = static_cast<size_t>(at->position());
    const size_t open = text.rfind("/*", close);
    const std::string comment = text.substr(open, close - open);
    const size_t errors = comment.find("Errors: ");
    if (errors == std::string::npos) continue;
    const size_t begin = errors + 8;
    errors_[name] = statuses(comment.substr(begin, comment.find('.', begin) - begin), numbers);
  }
  FUZZ_CHECK(!numbers.empty() && !errors_.empty());
}

bool Documented::allows(const std::string& function, patron_status status) const {
  const auto found = errors_.find(function);
  return found != errors_.end() && found->second.contains(status);
}

const Documented& documented() {
  static const Documented instance(FUZZ_HEADER);
  return instance;
}

}  // namespace patron::fuzz
