"""A policy that lives: orders go in, time passes, and tiers change at the exact instant."""

# [setup]
import patron

policy = patron.Policy({
    "patron": 1, "name": "corner shop", "timezone": "Europe/Berlin",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "string"},
    "streams": {"orders": {"key": "order_id"}},
    "tags": [{"name": "spend_90d", "metric": {"sum": "orders.amount", "window": "90d"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend_90d >= 500", "keep": "spend_90d >= 400", "grace": "14d"},
        {"name": "guest"}]}]})
orders = {
    "customer": ["anna", "berta", "anna"],
    "time": ["2026-01-10T09:00", "2026-01-12T18:30", "2026-02-01T12:00"],
    "amount": [450, 120, 80],
    "order_id": ["o1", "o2", "o3"],
}  # or a DataFrame
# [/setup]

# [live]
engine = patron.Engine(policy)
engine.ingest("orders", orders)          # they wait for their time
engine.advance("2026-03-01")             # everybody is settled at her own instant
print(engine.transitions())
print(engine.classes())
for customer, at in zip(*(engine.forecast("2026-06-01")[x] for x in ("customer", "at"))):
    print(f"if nothing happens, {customer} drops at {at}")
# [/live]

# [nightly]
night = {"customer": ["berta", "clara"], "time": ["2026-03-01T10:00", "2026-33-01"],
         "amount": [400, 25], "order_id": ["o4", "o5"]}
last_read = engine.transitions()["number"][-1]      # what you keep between two nights
report = engine.ingest("orders", night, now="2026-03-02")
print(report.accepted, "taken;", report.refused.to_dict())
moves = engine.transitions(after=last_read)
print(moves["customer"].to_list(), "moved")
if len(moves) > 0:
    last_read = moves["number"][-1]      # the number, no count of rows: forgetting leaves gaps
# [/nightly]

assert report.refused_rows == 1, "an order of no day"
assert engine.transitions(after=3)["customer"].to_list() == ["berta"], "520.00 in 90 days"
assert engine.history("berta")["to"].to_list() == ["guest", "gold"]
