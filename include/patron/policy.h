// Policy: what a business calls its customers, as one JSON document that is checked before it runs.
//
// A policy names streams of events, attributes, tags (metrics, expressions, scorecards), models,
// classifications and actions. It is read and checked once, into an immutable value; everything
// that is wrong with it is said at once, each finding with its place in the document.
//
//   patron::CheckedPolicy checked = patron::Policy::check(text);
//   for (const auto& finding : checked.findings) std::cerr << finding.message << "\n";
//   if (checked.policy) std::cout << checked.policy->hash();
//
// The language: docs/policy.md; its JSON Schema, for editors: docs/policy.schema.json. A Policy is
// a cheap value whose copies share their memory. Thread class: shared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patron/expression.h"
#include "patron/schema.h"
#include "patron/status.h"
#include "patron/time.h"

namespace patron {
namespace internal {
struct PolicyData;
}
inline namespace v0 {

/// One thing to say about a document.
struct PolicyFinding {
  std::string code;  ///< a stable word: "unknown_key", "unknown_name", "cycle", "expression.type"
  Severity severity = Severity::kError;
  std::string pointer;  ///< JSON pointer (RFC 6901) of the value it is about: "/tags/3/window"
  int64_t offset = 0;   ///< byte of the document at which that value, or its key, begins
  int64_t begin = -1;   ///< inside an expression: bytes of its text; else -1
  int64_t end = -1;
  std::string message;  ///< what is wrong and what to do
};

/// Compiler-style text: `policy.json:12:18: error: /tags/3/window: ... [unit]`, the line of the
/// document, and a caret under the place. `file` stands in front.
std::string format_findings(std::string_view file, std::string_view document,
                            std::span<const PolicyFinding> findings);

/// Where the value of a tag comes from.
enum class TagSource : int32_t {
  kAttribute = 0,
  kMetric = 1,
  kExpression = 2,
  kScorecard = 3,
  kPlainLtv = 4,
  kModel = 5,
  kClassification = 6,
  kHistory = 7,  ///< of a classification: "tier.since", "tier.previous" ...
};

/// One value of a customer's profile: an attribute, a tag, an output of a model, or her class.
struct PolicyTag {
  std::string name;
  Kind kind = Kind::kBool;
  TagSource source = TagSource::kMetric;
  std::string category;     ///< "basic", "behaviour", "value", "sentiment", ...; empty where unsaid
  std::string label;        ///< for people; the name where unsaid
  std::string description;  ///< empty where unsaid
  std::vector<std::string> values;  ///< of an enum or enum_set that is closed
  std::vector<std::string> reads;   ///< names of what it is computed from, in the order of the text
};

enum class ClassificationKind : int32_t {
  kLadder = 0,
  kFirstMatch = 1,
  kGrid = 2,
  kBands = 3,
  kRank = 4,
  kFlags = 5,
};
/// "ladder", "first_match", "grid", "bands", "rank", "flags".
std::string_view classification_kind_name(ClassificationKind kind);

struct PolicyClassification {
  std::string name;
  ClassificationKind kind = ClassificationKind::kLadder;
  std::string label;
  std::vector<std::string> classes;       ///< in the order of the document
  std::vector<std::string> class_labels;  ///< for people, one for each
};

struct CheckedPolicy;

class Policy {
 public:
  /// Reads and checks a document. Limits: 1 MiB (beyond, nothing is read but the length), 32
  /// levels, 1,000 findings; docs/policy.md has those of each list. Thread class: pure. Cost:
  /// linear in the document, but for chains of tags that read one another and conditions that are
  /// compared with one another: a millisecond for usual ones, under a second for any.
  static CheckedPolicy check(std::string_view document);
  /// The policy, or its first error with the byte offset: Code::kSyntax, kDocument, kZone, kLimit.
  static Result<Policy> parse(std::string_view document);

  const std::string& name() const;
  const std::string& version() const;
  const TimeZone& zone() const;
  const MoneyUnit& money() const;
  /// SHA-256 of the canonical document, 64 hexadecimal digits: equal for documents that mean the
  /// same to a JSON reader, whatever their blanks and the order of their keys.
  const std::string& hash() const;
  /// The canonical document: keys in byte order, numbers as the shortest text of the same value.
  const std::string& to_json() const;

  /// Everything that a profile holds: attributes, then tags and models and classifications in an
  /// order in which each stands behind what it reads.
  std::span<const PolicyTag> tags() const;
  std::span<const PolicyClassification> classifications() const;
  /// Those values as the schema of the expressions.
  const Schema& schema() const;

  /// A ladder, a first match or flags over a table of customers that has the columns of tags()
  /// which its conditions read, in one pass: what a customer is called who has no history.
  ///
  /// One row for each customer: "class" (a dictionary of the classes; null where none fits; flags
  /// have no such column), "held" and "unknown" (unsigned integers: bit i says that the condition
  /// of class i holds, or is unknown; the narrowest of 8 to 64 bits that has room, and left out
  /// where more than 64 classes have conditions). What is unknown matches nothing, so a customer
  /// may belong to a better class where `unknown` has one of its bits. The same bytes for any
  /// number of threads, any chunks and any processor. An unknown row of `counts` has some unknown
  /// condition.
  ///
  /// Code::kArgument for a name that is none, kUnsupported for grid, bands and rank; and the errors
  /// of Expression::evaluate. Thread class: shared. Cost: some 2.4 ns a customer for eight tiers,
  /// and the conditions are put together at each call (microseconds each).
  Result<Table> classify(std::string_view classification, const Table& customers,
                         const ExpressionOptions& options = {},
                         ExpressionCounts* counts = nullptr) const;

  /// A classification by conditions as the select list of an SQL query over a table of customers
  /// that has the columns of tags(): what a customer is called who has no history. A ladder or
  /// first match becomes `CASE WHEN ... THEN 'gold' ... END AS "tier"`, flags a column for each
  /// class; what is not known matches nothing. `now` is written as the instant given, or as now().
  /// Code::kArgument for another name, with the nearest one, kUnsupported for other kinds and for
  /// what SQL has no word for. Thread class: shared. Cost: linear in the conditions.
  Result<std::string> to_sql(std::string_view classification, SqlDialect dialect,
                             std::optional<Micros> now = {}) const;

  explicit Policy(std::shared_ptr<const internal::PolicyData> data);
  const internal::PolicyData& data() const { return *data_; }

 private:
  std::shared_ptr<const internal::PolicyData> data_;
};

struct CheckedPolicy {
  std::optional<Policy> policy;         ///< absent where there are errors
  std::vector<PolicyFinding> findings;  ///< in the order of the document
};

}  // namespace v0
}  // namespace patron
