"""What is not known: nulls in facts, tags that are unknown, and what conditions and tiers make of them."""

# [setup]
import patron

policy = patron.Policy({
    "patron": 1, "name": "corner shop", "customer": {"id": "string"},
    "money": {"currency": "EUR", "scale": 2},
    "attributes": {"city": {"type": "string"}, "consent": {"type": "bool"}},
    "streams": {"orders": {}, "surveys": {}},
    "tags": [{"name": "orders", "metric": {"count": "orders"}},
             {"name": "mean_order", "metric": {"mean": "orders.amount"}},
             {"name": "last_score", "metric": {"last": "surveys.score", "window": "90d"}},
             {"name": "kept_score", "on_null": "keep",
              "metric": {"last": "surveys.score", "window": "90d"}},
             {"name": "home", "expression": "or_else(city, 'nowhere')"}],
    "classifications": [
        {"name": "mood", "kind": "first_match", "classes": [
            {"name": "happy", "enter": "last_score >= 9"},
            {"name": "cross", "enter": "!(last_score >= 9) && has(last_score)"}, {"name": "unheard"}]},
        {"name": "care", "kind": "ladder", "on_unknown": "hold", "classes": [
            {"name": "call", "enter": "last_score <= 6"}, {"name": "none"}]}]})
engine = patron.Engine(policy)
engine.set_attributes({"customer": ["anna", "berta"], "city": ["Bonn", None],
                       "time": ["2026-01-01", "2026-01-01"], "consent": [True, True]})
engine.ingest("surveys", {"customer": ["anna"], "time": ["2026-01-05"], "score": [3]})
engine.advance("2026-01-10")
# [/setup]


# [nothing]
berta = engine.profile("berta")
assert berta["orders"].value == 0           # she has no orders: that is known
assert berta["mean_order"].value is None    # ... and a mean of none is not
assert berta["city"].value is None and berta["home"].value == "nowhere"
assert berta["mood"].value == "unheard"     # neither happy nor its opposite: unknown promotes nobody
# [/nothing]

# [passes]
engine.advance("2026-05-01")                # the answer is older than 90 days
anna = engine.profile("anna")
assert anna["last_score"].value is None and anna["kept_score"].value == 3
assert anna["mood"].value == "unheard"      # skip, the rule where nothing is said: as if false
assert anna["care"].value == "call"         # hold: who is in stays while it is unknown
# [/passes]
print(engine.transitions())
