// Another policy, a little otherwise than the one in force, and what becomes of its classes.
#include <algorithm>
#include <map>

#include "patron/policy.h"
#include "tests/engine/oracle/case.h"

namespace patron::oracle {
namespace {

Tree* member(Tree& of, std::string_view name) {
  for (auto& [own, value] : of.members) {
    if (own == name) return &value;
  }
  return nullptr;
}

bool is_period(const Tree& tree) {
  return tree.is == Tree::Is::kText && parse_period(tree.text).ok();
}

// All periods and numbers of a part, but those of the format.
void collect(Tree& tree, std::vector<Tree*>& out) {
  for (auto& [name, value] : tree.members) {
    if (is_period(value) || value.is == Tree::Is::kInt || value.is == Tree::Is::kReal) {
      out.push_back(&value);
    }
    collect(value, out);
  }
}

class Changer {
 public:
  Changer(Dice& dice, const Tree& policy) : dice_(dice), policy_(policy) {}

  void change() {
    switch (dice_.below(7)) {
      case 6:
        return words();
      case 0:
      case 1:
        return constant();
      case 2:
        return add_or_drop();
      default:
        return classes();
    }
  }

  Tree policy() const { return policy_; }
  PublishMapping mapping() const { return mapping_; }

 private:
  void constant() {
    std::vector<Tree*> all;
    for (const char* part : {"tags", "models", "calibrate", "classifications"}) {
      if (Tree* found = member(policy_, part)) collect(*found, all);
    }
    if (all.empty()) return;
    Tree& one = *dice_.of(all);
    static const std::vector<std::string> kPeriods{"1d", "7d", "30d", "1mo", "90d", "1y"};
    if (one.is == Tree::Is::kText) one.text = dice_.of(kPeriods);
    if (one.is == Tree::Is::kInt) one.integer += dice_.one_in(2) ? 1 : 50;
    if (one.is == Tree::Is::kReal) one.real /= 2;
  }

  // What changes nothing: a label, a stream that nobody reads.
  void words() {
    if (dice_.one_in(3)) {
      Tree& streams = *member(policy_, "streams");
      if (!streams.has("spare")) {
        Tree columns = Tree::object(), spare = Tree::object();
        columns.set("n", "int64");
        streams.set("spare", spare.set("columns", columns));
      }
      return;
    }
    Tree* all = member(policy_, dice_.of(std::vector<std::string>{"tags", "models", "attributes",
                                                                  "classifications"}));
    if (all == nullptr || all->members.empty()) return;
    Tree* one = &all->members[dice_.below(all->members.size())].value;
    Tree* classes = member(*one, "classes");
    if (classes != nullptr && dice_.one_in(2)) {
      one = &classes->members[dice_.below(classes->members.size())].value;
    }
    if (one->is == Tree::Is::kObject && !one->has("label")) one->set("label", "in other words");
  }

  // By the name that it has in the policy in force.
  ClassMapping& mapping_of(const std::string& name) {
    const std::string classification = former_.contains(name) ? former_[name] : name;
    for (ClassMapping& one : mapping_) {
      if (one.classification == classification) return one;
    }
    mapping_.emplace_back().classification = classification;
    return mapping_.back();
  }

  void add_or_drop() {
    Tree& all = *member(policy_, "classifications");
    const size_t which = dice_.below(all.members.size());
    const std::string name(all.members[which].value.text_of("name"));
    switch (dice_.below(3)) {
      case 0: {
        Tree copy = all.members[which].value;
        member(copy, "name")->text = "other_" + name;
        all.add(copy);
        return;
      }
      case 1:
        if (all.members.size() == 1) return;
        all.members.erase(all.members.begin() + static_cast<long>(which));
        if (dice_.percent(70)) mapping_of(name).ends = true;
        return;
      default:
        if (name.starts_with("other_")) return;
        member(all.members[which].value, "name")->text = "other_" + name;
        if (dice_.percent(70)) mapping_of(name).to = "other_" + name;
        former_["other_" + name] = name;
    }
  }

  void classes() {
    Tree& all = *member(policy_, "classifications");
    Tree& one = all.members[dice_.below(all.members.size())].value;
    Tree* classes = member(one, "classes");
    if (classes == nullptr) return;
    auto& list = classes->members;
    const size_t c = dice_.below(list.size());
    const std::string name(list[c].value.text_of("name"));
    const std::string of(one.text_of("name"));
    const std::string next = "N" + std::to_string(mapping_.size()) + name;
    switch (dice_.below(7)) {
      case 6:
        return drop_key(list[c].value);
      case 0:
        member(list[c].value, "name")->text = next;
        if (dice_.percent(80)) mapping_of(of).classes.emplace_back(name, next);
        return;
      case 1:
        if (list.size() == 1) return;
        list.erase(list.begin() + static_cast<long>(c));
        if (dice_.percent(70)) {
          const std::string instead(list[dice_.below(list.size())].value.text_of("name"));
          mapping_of(of).classes.emplace_back(name, dice_.one_in(2) ? instead : "");
        }
        return;
      case 2:
        if (list.size() > 1) std::swap(list[c].value, list[c == 0 ? 1 : c - 1].value);
        return;
      case 3:
        if (member(one, "kind")->text == "ladder") {
          member(one, "kind")->text = "first_match";
        } else if (member(one, "kind")->text == "first_match") {
          member(one, "kind")->text = "ladder";
        }
        return;
      default: {
        Tree* enter = member(list[c].value, "enter");
        const Tree* other = list[dice_.below(list.size())].value.find("enter");
        if (enter == nullptr) return;
        enter->text = other != nullptr && other != enter ? other->text : "!(" + enter->text + ")";
      }
    }
  }

  // What has begun of it, a cool-down or a dwell, may go on.
  void drop_key(Tree& of_class) {
    std::vector<std::string> all;
    for (const auto& [name, value] : of_class.members) {
      if (name != "name" && name != "enter" && name != "label") all.push_back(name);
    }
    if (all.empty()) return;
    const std::string& key = dice_.of(all);
    std::erase_if(of_class.members, [&](const auto& one) { return one.name == key; });
  }

  Dice& dice_;
  Tree policy_;
  PublishMapping mapping_;
  std::map<std::string, std::string> former_;  ///< of classifications that are called otherwise
};

}  // namespace

bool random_change(Dice& dice, const Tree& policy, Call& out) {
  Changer changer(dice, policy);
  for (size_t k = 1 + dice.below(3); k > 0; --k) changer.change();
  out.policy = changer.policy();
  out.mapping = changer.mapping();
  return Policy::check(out.policy.write()).policy.has_value();
}

}  // namespace patron::oracle
