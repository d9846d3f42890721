// Decisions: the conditions that decided a change of class, as a short text that stays with the
// move, and back to words.
//
//   "e0.0T=i120000\n"     enter of class 0, its first condition: true, its left was 1200.00
//   "k1.0F=i30000>i500\n" keep of class 1, its first condition: false, 300.00 beside 5.00
//
// One line for each condition: its part (e enter, k keep, w where, t a tag, c a cut of bands, r the
// cut of a rank, s a seat, g a score), the place of the class or value, the place of the condition,
// what it was (T, F, U), then what stood on its left (=) and, where that is no constant, on its
// right (>): i a whole number, d a double, s a text behind its length, p what is personal; and ?
// before each field that was null. Whose conditions they are the policy says, whose version the
// move knows.
//
// Thread class: serial.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lib/expr/atoms.h"
#include "lib/policy/policy_data.h"
#include "patron/explain.h"
#include "patron/policy.h"

namespace patron::internal {

class PackedDecisions;
struct SettledMove;

/// The atoms of expressions, and how decisions of policies are packed, each made once. Good as long
/// as these policies are.
class AtomCache {
 public:
  AtomCache();
  ~AtomCache();
  const Atoms& of(const Expression& expression);
  const PackedDecisions& packed(const PolicyData& policy);

 private:
  std::unordered_map<const CompiledExpression*, std::unique_ptr<Atoms>> made_;
  std::unordered_map<const PolicyData*, std::unique_ptr<PackedDecisions>> packed_;
};

/// What decisions of a policy are written with when they are read, on any thread.
struct DecisionWords {
  explicit DecisionWords(Policy of) : policy(std::move(of)) {}
  Policy policy;
  mutable std::mutex lock;
  mutable AtomCache atoms;  ///< under the lock
};
/// What decided a move of a policy, of what the move keeps of it.
std::vector<Reason> reasons_of(const SettledMove& move, std::string_view kept,
                               const PolicyData& policy, AtomCache& atoms);

/// What stood on a side of a condition; of it the text that a move keeps.
void write_side(char mark, const Cell& cell, LaneKind lane, std::string& out);
/// A line for an atom. `hidden`: its values are personal.
void write_atom(char part, size_t place, const Atoms& atoms, const AtomValues& values,
                std::span<const Cell> row, size_t atom, bool hidden, std::string& out);

/// In words. What is no such text gives nothing.
std::vector<Reason> decision_reasons(std::string_view text, const PolicyData& policy,
                                     int classification, AtomCache& atoms);
/// An atom as it is now.
Reason reason_of(const std::string& of, const std::string& part, const Atoms& atoms,
                 const AtomValues& values, std::span<const Cell> row, size_t atom, bool hidden);
/// Whether an atom of these fields reads a personal value; reads[f] is the value of a field.
bool reads_personal(const PolicyData& policy, std::span<const int> fields,
                    std::span<const size_t> reads);
/// A value of the policy as people read it.
std::string words_of(const Cell& cell, const PolicyValue& value);
/// A number in the unit people read of that value: "1000.00 EUR", "4.5".
std::string words_of(double number, const PolicyValue& value);

}  // namespace patron::internal
