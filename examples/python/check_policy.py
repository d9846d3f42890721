"""Checks a policy before it touches a customer: what is wrong with it, and what it holds."""

from pathlib import Path

import patron

draft = patron.Policy("""{
  "patron": 1, "name": "shop", "streams": {"orders": {}},
  "tags": [{"name": "spend", "metric": {"sum": "orders.amuont", "window": "12mo"}}],
  "classifications": [{"name": "tier", "kind": "ladder", "classes": [
    {"name": "gold", "enter": "spend >= 500"}, {"name": "silver", "enter": "spend >= 1000"}, {"name": "guest"}]}]
}""")
print(draft.check())

retail = patron.Policy(Path(__file__).parents[1] / "policies" / "retail.json")
print(retail)
print(retail.tags)
print(retail.to_sql("tier", "postgresql"))
