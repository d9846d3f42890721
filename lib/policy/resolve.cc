// Names to values: who reads whom, an order in which each stands behind what it reads, the types of
// expressions, and the expressions themselves.
//
// The graph has a node for each tag, model and classification; attributes are read by all and read
// nobody. Windows since entering a class look at the class held before, so they are no edge.
#include <algorithm>
#include <set>
#include <utility>

#include "lib/base/nearest.h"
#include "lib/expr/lexer.h"
#include "lib/policy/draft.h"

namespace patron::internal::policy {
namespace {

using Edges = std::map<std::string, std::set<std::string>>;

// The names of values that an expression speaks of, in the order of the text: identifiers joined by
// points, as far as they are names.
std::vector<std::string> names_in(std::string_view text, const Draft& draft) {
  std::vector<std::string> out;
  Lexer lexer(text);
  patron::internal::Findings ignored;
  Token token;
  std::string path, longest;
  bool after_point = false;
  const auto known = [&](const std::string& name) {
    return draft.find(name) != nullptr || draft.broken.contains(name);
  };
  const auto end_path = [&] {
    if (!longest.empty() && std::find(out.begin(), out.end(), longest) == out.end()) {
      out.push_back(longest);
    }
    path.clear(), longest.clear(), after_point = false;
  };
  while (lexer.next(token, ignored) && token.kind != TokenKind::kEnd) {
    const bool point = token.kind == TokenKind::kOperator && token.text == ".";
    if (token.kind == TokenKind::kIdentifier && (path.empty() || after_point)) {
      path += (path.empty() ? "" : ".") + std::string(token.text);
      after_point = false;
      if (known(path)) longest = path;
    } else if (point && !path.empty() && !after_point) {
      after_point = true;
    } else {
      end_path();
      if (token.kind == TokenKind::kIdentifier) {
        path = token.text;
        if (known(path)) longest = path;
      }
    }
  }
  end_path();
  return out;
}

std::vector<std::string_view> all_names(const Draft& draft) {
  std::vector<std::string_view> out;
  for (const NamedValue& value : draft.values) out.emplace_back(value.value.tag.name);
  return out;
}

bool is_number(Kind kind) {
  return kind == Kind::kInt64 || kind == Kind::kDouble || kind == Kind::kMoney ||
         kind == Kind::kDuration;
}

// What a value reads: users are told, and an engine has it at hand. A combined score and how much
// of it was known are two values of one owner.
void note_reading(const std::string& owner, const std::string& name, Draft& draft) {
  for (const std::string& one : {owner, owner + ".coverage"}) {
    const auto own = draft.by_name.find(one);
    if (own == draft.by_name.end() || own->second == SIZE_MAX) continue;
    std::vector<std::string>& reads = draft.values[own->second].value.tag.reads;
    if (std::find(reads.begin(), reads.end(), name) == reads.end()) reads.push_back(name);
  }
}

void resolve_name(const PendingName& pending, Draft& draft, Edges& edges) {
  const NamedValue* found = draft.find(pending.name);
  if (found == nullptr && draft.broken.contains(pending.name)) return;
  if (found == nullptr) {
    const std::vector<std::string_view> known = all_names(draft);
    const std::string hint = did_you_mean(pending.name, known);
    draft.findings.error(pending.at, "unknown_name",
                         '"' + pending.name + "\" is no attribute, tag or value of a model" + hint);
    return;
  }
  draft.values[draft.by_name.find(pending.name)->second].value.aside = false;
  if (!pending.owner.empty()) {
    edges[pending.owner].insert(found->owner);
    note_reading(pending.owner, pending.name, draft);
  }
  if (!found->typed) return;  // an expression, judged once it has a kind
  const PolicyTag& tag = found->value.tag;
  const char* wanted = nullptr;
  switch (pending.wanted) {
    case PendingName::Wanted::kNumber:
      if (!is_number(tag.kind)) wanted = "a number or money";
      break;
    case PendingName::Wanted::kMoney:
      if (tag.kind != Kind::kMoney) wanted = "money";
      break;
    case PendingName::Wanted::kTime:
      if (tag.kind != Kind::kDate && tag.kind != Kind::kTimestamp) wanted = "a date or timestamp";
      break;
    case PendingName::Wanted::kAttribute:
      if (tag.source != TagSource::kAttribute) wanted = "an attribute of a date or timestamp";
      if (tag.kind != Kind::kDate && tag.kind != Kind::kTimestamp) wanted = "a date or timestamp";
      break;
    case PendingName::Wanted::kAny:
      break;
  }
  if (wanted != nullptr) {
    draft.findings.error(pending.at, "type",
                         '"' + pending.name + "\" is " + kind_name(tag.kind) + "; want " + wanted);
  }
}

// Kahn's algorithm by levels; what is left over lies on a circle or behind one.
std::vector<std::vector<std::string>> levels_of(const std::vector<std::string>& nodes,
                                                const Edges& edges) {
  std::map<std::string_view, size_t> number;
  for (size_t i = 0; i < nodes.size(); ++i) number.emplace(nodes[i], i);
  std::vector<size_t> waits_for(nodes.size(), 0);
  std::vector<std::vector<size_t>> readers(nodes.size());
  std::vector<size_t> ready;
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (const std::string& need : edges.at(nodes[i])) {
      ++waits_for[i];
      const auto found = number.find(need);
      if (found != number.end()) readers[found->second].push_back(i);
    }
    if (waits_for[i] == 0) ready.push_back(i);
  }
  std::vector<std::vector<std::string>> levels;
  while (!ready.empty()) {
    std::vector<size_t> next;
    levels.emplace_back();
    for (const size_t i : ready) {
      levels.back().push_back(nodes[i]);
      for (const size_t reader : readers[i]) {
        if (--waits_for[reader] == 0) next.push_back(reader);
      }
    }
    std::sort(next.begin(), next.end());  // in the order of the document
    ready = std::move(next);
  }
  return levels;
}

// One circle among the nodes, as text: "a reads b reads a".
std::string circle_in(const std::set<std::string>& nodes, const Edges& edges) {
  std::vector<std::string> path{*nodes.begin()};
  for (;;) {
    const std::set<std::string>& needs = edges.at(path.back());
    const auto next = std::find_if(needs.begin(), needs.end(),
                                   [&](const std::string& need) { return nodes.contains(need); });
    const auto seen = std::find(path.begin(), path.end(), *next);
    if (seen == path.end()) {
      path.push_back(*next);
      continue;
    }
    std::string text;
    constexpr ptrdiff_t kMostNamed = 10;
    for (auto at = seen; at != path.end(); ++at) {
      if (at - seen == kMostNamed) text += "... reads ";
      if (at - seen < kMostNamed) text += *at + " reads ";
    }
    return text + *seen;
  }
}

/// The order of values, and the expressions by their owner.
class Resolver {
 public:
  explicit Resolver(Draft& draft) : draft_(draft) {}

  void run() {
    for (const auto& [node, reads] : draft_.reads) edges_[node].insert(reads.begin(), reads.end());
    for (const PendingName& name : draft_.names) resolve_name(name, draft_, edges_);
    for (const PendingText& text : draft_.texts) add_reads(text);
    check_since();
    collect_nodes();
    const std::vector<std::vector<std::string>> levels = levels_of(nodes_, edges_);
    report_circles(levels);
    if (levels.size() > kMaxChain) {
      draft_.findings.add({"limit", Severity::kError, "/tags", 0, -1, -1,
                           "more than 64 values read one another, one behind the other"});
      return;
    }
    compile(levels);
    order(levels);
  }

 private:
  void add_reads(const PendingText& text) {
    for (const std::string& name : names_in(text.text, draft_)) {
      const NamedValue* found = draft_.find(name);
      if (found == nullptr) continue;
      draft_.values[draft_.by_name.find(name)->second].value.aside = false;
      if (found->open_set) {
        draft_.findings.error(text.at, "open_set",
                              '"' + name +
                                  "\" is an enum_set without values, which an expression "
                                  "cannot read; list its values");
      }
      if (text.owner.empty()) continue;
      if (found->value.tag.source != TagSource::kAttribute) {
        edges_[text.owner].insert(found->owner);
      }
      note_reading(text.owner, name, draft_);
    }
  }

  bool is_flags(std::string_view classification) const {
    const auto& all = draft_.data.classifications;
    return std::any_of(all.begin(), all.end(), [&](const PolicyClassificationData& one) {
      return one.seen.name == classification && one.seen.kind == ClassificationKind::kFlags;
    });
  }

  // A window since entering a class names a classification in which she is in one class at a time.
  void check_since() {
    for (size_t i = 0; i < draft_.since_classes.size(); ++i) {
      const NamedValue* found = draft_.find(draft_.since_classes[i]);
      if (found != nullptr && found->value.tag.source == TagSource::kClassification) {
        if (!is_flags(draft_.since_classes[i])) continue;
        draft_.findings.error(
            draft_.since_class_places[i], "value",
            '"' + draft_.since_classes[i] +
                "\" is of kind flags: a customer is in any number of its classes, "
                "and entered no one of them last; want a classification of "
                "another kind");
        continue;
      }
      std::vector<std::string_view> known;
      for (const PolicyClassificationData& one : draft_.data.classifications) {
        known.emplace_back(one.seen.name);
      }
      draft_.findings.error(draft_.since_class_places[i], "unknown_name",
                            '"' + draft_.since_classes[i] + "\" is no classification" +
                                did_you_mean(draft_.since_classes[i], known));
    }
  }

  void collect_nodes() {
    for (const NamedValue& value : draft_.values) {
      if (value.value.tag.source == TagSource::kAttribute) {
        attributes_.insert(value.owner);
      } else if (std::find(nodes_.begin(), nodes_.end(), value.owner) == nodes_.end()) {
        nodes_.push_back(value.owner);
      }
    }
    for (auto& [node, reads] : edges_) {
      for (const std::string& attribute : attributes_) reads.erase(attribute);
    }
    for (const std::string& node : nodes_) edges_[node];
  }

  void report_circles(const std::vector<std::vector<std::string>>& levels) {
    std::set<std::string> left(nodes_.begin(), nodes_.end());
    for (const auto& level : levels) {
      for (const std::string& node : level) left.erase(node);
    }
    if (left.empty()) return;
    const std::string circle = circle_in(left, edges_);
    const std::string first = circle.substr(0, circle.find(' '));
    for (const NamedValue& value : draft_.values) {
      if (value.owner != first) continue;
      draft_.findings.error(
          value.at, "cycle",
          "values read one another in a circle: " + circle +
              "; a window {\"since\": {\"class\": ...}} would look at the class held "
              "before, and closes none");
      return;
    }
  }

  void compile(const std::vector<std::vector<std::string>>& levels) {
    std::map<std::string, std::vector<PendingText*>> by_owner;
    for (PendingText& text : draft_.texts) by_owner[text.owner].push_back(&text);
    bool stale = true;
    for (const auto& level : levels) {
      for (const std::string& node : level) {
        for (PendingText* text : by_owner[node]) {
          if (std::exchange(stale, false)) make_schema();
          compile(*text);
        }
      }
      stale = true;
    }
    make_schema();
    for (PendingText* text : by_owner[""]) compile(*text);
  }

  void make_schema() {
    std::vector<FieldSpec> fields;
    for (const NamedValue& value : draft_.values) {
      if (!value.typed || value.open_set) continue;
      FieldSpec field;
      field.name = value.value.tag.name;
      field.kind = value.value.tag.kind;
      field.values = value.value.tag.values;
      field.ordered = value.value.ordered && !field.values.empty();
      field.unit = value.value.unit;
      const std::optional<PolicyHistory>& history = value.value.history;
      if (history && history->what == PolicyHistory::What::kTimeIn) {
        field.age_of = value.value.tag.reads.front();
      }
      fields.push_back(std::move(field));
    }
    Result<Schema> schema = Schema::make(std::move(fields), draft_.data.zone);
    if (schema.ok()) {
      draft_.data.schema = *std::move(schema);
    } else {
      draft_.findings.add({"limit", Severity::kError, "", 0, -1, -1, schema.status().message()});
    }
  }

  void compile(PendingText& text) {
    if (draft_.findings.full()) return;
    CheckedExpression checked = Expression::check(text.text, draft_.data.schema);
    for (const std::string& name : names_in(text.text, draft_)) {
      const NamedValue* read = draft_.find(name);
      if (read == nullptr || read->open_set || !read->typed)
        return;  // said where that value stands
    }
    draft_.findings.expression(text.at, checked.diagnostics);
    if (!checked.expression) return;
    const Kind kind = checked.expression->kind();
    if (text.condition && kind != Kind::kBool) {
      draft_.findings.error(
          text.at, "type",
          std::string("this is ") + kind_name(kind) + "; want a condition, which is true or false");
      return;
    }
    const auto own = draft_.by_name.find(text.owner);
    if (!text.condition && own != draft_.by_name.end() && own->second != SIZE_MAX) {
      NamedValue& value = draft_.values[own->second];
      value.value.tag.kind = kind;
      value.value.unit = checked.expression->unit();
      value.typed = true;
    }
    draft_.compiled.push_back({*checked.expression, text.at.pointer, text.at.value.offset(), true});
    text.put(*std::move(checked.expression));
  }

  // Attributes, then each value behind what it reads.
  void order(const std::vector<std::vector<std::string>>& levels) {
    std::vector<size_t> places;
    for (size_t i = 0; i < draft_.values.size(); ++i) {
      if (draft_.values[i].value.tag.source == TagSource::kAttribute) places.push_back(i);
    }
    for (const auto& level : levels) {
      for (const std::string& node : level) {
        for (size_t i = 0; i < draft_.values.size(); ++i) {
          const NamedValue& value = draft_.values[i];
          if (value.owner == node && value.value.tag.source != TagSource::kAttribute) {
            places.push_back(i);
          }
        }
      }
    }
    for (const size_t place : places) {
      draft_.data.values.push_back(draft_.values[place].value);
      if (!draft_.values[place].value.aside) {
        draft_.data.tags.push_back(draft_.values[place].value.tag);
      }
    }
  }

  Draft& draft_;
  Edges edges_;
  std::vector<std::string> nodes_;
  std::set<std::string> attributes_;
};

}  // namespace

void resolve(Draft& draft) { Resolver(draft).run(); }

}  // namespace patron::internal::policy
