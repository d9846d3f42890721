#include "lib/engine/saved/known_policy.h"

#include <algorithm>
#include <string>

#include "lib/base/utf8.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {
namespace {

constexpr size_t kHashShown = 12;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string called(const Policy& policy) {
  std::string out = quoted(policy.name());
  if (!policy.version().empty()) out += " version " + quoted(policy.version());
  return out + " (hash " + policy.hash().substr(0, kHashShown) + ")";
}

}  // namespace

bool same_document(std::string_view a, std::string_view b) {
  bool in_text = false;
  for (;;) {
    while (!in_text && !a.empty() && is_blank(a.front())) a.remove_prefix(1);
    while (!in_text && !b.empty() && is_blank(b.front())) b.remove_prefix(1);
    if (a.empty() || b.empty()) return a.empty() && b.empty();
    // A backslash and what stands behind it are one.
    const size_t taken = in_text && a.front() == '\\' ? 2 : 1;
    if (a.substr(0, taken) != b.substr(0, taken)) return false;
    if (a.front() == '"') in_text = !in_text;
    a.remove_prefix(std::min(taken, a.size()));
    b.remove_prefix(std::min(taken, b.size()));
  }
}

Status check_known_policy(const Policy& saved, const Policy& known) {
  if (saved.hash() != known.hash()) {
    return {Code::kArgument, "the engine was saved under policy " + called(saved) +
                                 ", and the one that is given is " + called(known) +
                                 "; give the former, or none, and publish the latter"};
  }
  if (same_document(saved.data().document, known.data().document)) return {};
  return {Code::kArgument, "the engine was saved under policy " + called(saved) +
                               ", and the one that is given is the same with its keys in another "
                               "order, or its values written otherwise; give the document as it "
                               "was, or none"};
}

}  // namespace patron::internal
