// Why a customer is not there yet, and the same condition as SQL.
#include <patron/expression.h>

#include <iostream>
#include <vector>

int main() {
  const patron::Schema schema = *patron::Schema::from_json(
      R"({"fields": {"spend": "money", "orders": "int64", "gold": "bool"}})");
  const std::string text = "spend >= 100 && (gold || orders > 5)";
  const patron::CheckedExpression checked = patron::Expression::check(text, schema);
  if (!checked.expression) {
    std::cerr << patron::format_diagnostics(text, checked.diagnostics);
    return 1;
  }
  const patron::Expression& rule = *checked.expression;

  // 90.00 in two orders; nobody knows whether gold.
  const std::vector<patron::Cell> customer{patron::Cell::of(9000), patron::Cell::of(2), {}};
  const patron::Explanation why = *rule.explain(customer);
  for (const patron::Atom& atom : why.atoms) {
    std::cout << text.substr(static_cast<size_t>(atom.begin),
                             static_cast<size_t>(atom.end - atom.begin))
              << ": "
              << (!atom.value   ? "unknown"
                  : *atom.value ? "true"
                                : "false");
    if (atom.distance) std::cout << ", " << *atom.distance << " away";
    std::cout << '\n';
  }
  for (const auto& set : why.missing) {
    std::cout << "enough:";
    for (const patron::AtomChange& change : set) std::cout << " " << change.atom;
    std::cout << '\n';  // 0 1, then 0 2
  }

  const patron::Table customers =
      *patron::TableBuilder().doubles("spend", {250, 90}).int64("orders", {7, 9}).finish();
  const patron::Expression simple =
      *patron::Expression::parse("spend >= 100 && orders > 5", schema);
  const patron::Table result = *simple.evaluate(customers);
  const patron::Chunk& value = result.chunks(result.find("value"))[0];
  const uint8_t bits = *static_cast<const uint8_t*>(value.values);
  std::cout << *simple.to_sql(patron::SqlDialect::kDuckdb) << '\n';

  const bool good = why.value == "false" && why.unknown == std::vector<std::string>{"gold"} &&
                    why.missing.size() == 2 && (bits & 3) == 1;
  return good ? 0 : 1;
}
