// Definitions: all that a policy says of what a model or a rank learns from, as one text. Where two
// policies give the same text, what was learned under one holds under the other.
//
//   const Definitions here(before), there(after);
//   here.of("rfm") == there.of("rfm");
//
// A definition is what the model or the rank says itself and what everything says that it reads,
// tags and attributes one behind the other, and the columns of streams that these read; of words
// for people, of actions and of what is not read it has nothing.
//
// Thread class: a const one is shared.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "lib/base/json.h"
#include "lib/policy/policy_data.h"

namespace patron::internal {

class Definitions {
 public:
  /// The policy is kept by reference.
  explicit Definitions(const PolicyData& policy);
  /// Of a model or a rank. A name that there is not has a definition of its own.
  std::string of(std::string_view name) const;

 private:
  struct Reading;
  void add(const std::string& name, Reading& reading) const;
  void add_columns(const Reading& reading, std::string& out) const;

  const PolicyData& policy_;
  JsonDocument document_;
};

}  // namespace patron::internal
