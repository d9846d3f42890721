// From the graph of an expression to the steps, atoms and things of a terrain.
//
// Bool tags that are expressions are read as what they say: `repeat_buyer` as `orders_12m >= 2`.
// Thread class: serial.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/expr/compiled.h"
#include "lib/policy/terrain.h"

namespace patron::internal::policy {

class ConditionReader {
 public:
  ConditionReader(Terrain& terrain, Terrain::Condition& out) : terrain_(terrain), out_(out) {}

  /// The number of the step that the whole expression is, which is the last.
  int read(const CompiledExpression& from);

 private:
  /// One expression: that of the condition, or of a tag inside it.
  struct Source {
    const CompiledExpression& from;
    std::vector<int> done;  ///< node -> step, or -1
  };

  int step(Source& source, int32_t node);
  int add(Terrain::Step step);
  int add(Terrain::Atom atom);
  int inside(std::string_view name);
  Terrain::Atom atom(const Source& source, int32_t node);
  bool compared(const Source& source, const Node& node, Terrain::Atom& out);
  bool listed(const Source& source, const Node& node, Terrain::Atom& out);
  int thing(const Source& source, int32_t node);
  Thing describe(const Source& source, int32_t node);

  Terrain& terrain_;
  Terrain::Condition& out_;
  std::map<std::string, int, std::less<>> tags_;  ///< read into, and their steps
  int depth_ = 0;
};

}  // namespace patron::internal::policy
