#include "tests/fuzz/calls/documented.h"

#include <fstream>
#include <iterator>

#include "tests/fuzz/fuzz.h"

namespace patron::fuzz {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The next word at or behind *at, and *at behind it; empty at the end.
std::string next_word(const std::string& text, size_t* at) {
  while (*at < text.size() && !is_word(text[*at])) ++*at;
  const size_t begin = *at;
  while (*at < text.size() && is_word(text[*at])) ++*at;
  return text.substr(begin, *at - begin);
}

/// "TIME, ZONE,\n   UTF8" as numbers.
std::set<patron_status> statuses(const std::string& list,
                                 const std::map<std::string, patron_status>& numbers) {
  std::set<patron_status> out;
  size_t at = 0;
  for (std::string name; !(name = next_word(list, &at)).empty();) {
    const auto found = numbers.find(name);
    FUZZ_CHECK(found != numbers.end());
    out.insert(found->second);
  }
  return out;
}

/// The numbers of "#define PATRON_E_NAME number".
std::map<std::string, patron_status> numbers_of(const std::string& text) {
  static const std::string define = "#define PATRON_E_";
  std::map<std::string, patron_status> numbers;
  for (size_t at = 0; (at = text.find(define, at)) != std::string::npos;) {
    at += define.size();
    const std::string name = next_word(text, &at);
    numbers[name] = std::stoi(next_word(text, &at));
  }
  return numbers;
}

}  // namespace

Documented::Documented(const std::string& header) {
  static const std::string begins = "*/\nPATRON_API ";
  const std::string text = read(header);
  const std::map<std::string, patron_status> numbers = numbers_of(text);
  // A comment, and right behind it the function it belongs to.
  for (size_t close = 0; (close = text.find(begins, close)) != std::string::npos; close++) {
    size_t at = close + begins.size();
    std::string name;
    do {
      name = next_word(text, &at);
    } while (text[at] != '(');
    functions_.insert(name);
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
