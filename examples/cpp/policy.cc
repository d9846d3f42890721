// A policy is checked before it touches a customer: what is wrong with it, and what it holds.
#include <patron/policy.h>

#include <cstdint>
#include <cstdio>
#include <string>

int main() {
  const std::string broken = R"({"patron": 1, "name": "shop", "streams": {"orders": {}},
  "tags": [{"name": "spend", "metric": {"sum": "orders.amuont"}}]})";
  // [check]
  const patron::CheckedPolicy checked = patron::Policy::check(broken);
  std::printf("%s", patron::format_findings("shop.json", broken, checked.findings).c_str());
  // [/check]
  if (checked.policy || checked.findings.size() != 1) return 1;

  const std::string sound = R"({"patron": 1, "name": "shop", "streams": {"orders": {}},
  "tags": [{"name": "spend_12m", "metric": {"sum": "orders.amount", "window": "12mo"}}],
  "classifications": [{"name": "tier", "kind": "ladder", "classes": [
    {"name": "gold", "enter": "spend_12m >= 1000", "keep": "spend_12m >= 800"}, {"name": "guest"}]}]})";
  // [parse]
  const patron::Result<patron::Policy> policy = patron::Policy::parse(sound);
  if (!policy.ok()) {
    std::fprintf(stderr, "%s\n", policy.status().message().c_str());
    return 1;
  }
  for (const patron::PolicyTag& tag : policy->tags()) {
    std::printf("%s: %s\n", tag.name.c_str(), patron::kind_name(tag.kind));
  }
  std::printf("%s\n", policy->to_sql("tier", patron::SqlDialect::kDuckdb)->c_str());
  // [/parse]
  // [classify]
  const patron::Table customers =
      *patron::TableBuilder().doubles("spend_12m", {1500, 999.99, 80}).finish();
  const patron::Result<patron::Table> tiers = policy->classify("tier", customers);
  if (!tiers.ok()) {
    std::fprintf(stderr, "%s\n", tiers.status().message().c_str());
    return 1;
  }
  const auto* held = static_cast<const uint8_t*>(tiers->chunks(1)[0].values);  // bit 0: gold
  std::printf("the first is %s\n", (held[0] & 1) != 0 ? "gold" : "a guest");
  // [/classify]
  if (held[0] != 1 || held[1] != 0) return 1;
  return policy->tags().size() == 2 ? 0 : 1;
}
