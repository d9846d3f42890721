"""Facts that come twice, are mended or are taken back, and what becomes of what was decided by them."""

# [setup]
import patron

policy = patron.Policy({
    "patron": 1, "name": "corner shop", "money": {"currency": "EUR", "scale": 2},
    "customer": {"id": "string"}, "streams": {"orders": {"key": "order_id"}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
             {"name": "orders", "metric": {"count": "orders"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 500"}, {"name": "guest"}]}]})
engine = patron.Engine(policy)


def order(key, time, amount):
    return {"customer": ["anna"], "time": [time], "amount": [amount], "order_id": [key]}
# [/setup]


# [twice]
engine.ingest("orders", order("o1", "2026-01-10T09:00", 600))
report = engine.ingest("orders", order("o1", "2026-01-10T09:00", 600), now="2026-01-31")
assert (report.accepted, report.duplicates) == (0, 1)       # a queue delivered it again
assert engine.profile("anna")["orders"].value == 1
# [/twice]

# [mended]
report = engine.ingest("orders", order("o1", "2026-01-10T09:00", 60))   # the point was missing
engine.advance("2026-01-31")                                # the clock is there: only what came late
assert report.corrected == 1
first, second = engine.history("anna").to_dicts()
assert (first["to"], str(first["at"])) == ("gold", "2026-01-10 09:00:00+00:00")     # stays as it was decided
assert (second["to"], second["cause"]) == ("guest", "correction")
assert str(second["at"]) == "2026-01-31 00:00:00+00:00"     # when it took effect ...
assert str(second["fact_time"]) == "2026-01-10 09:00:00+00:00"          # ... and of which day the fact is
# [/mended]

# [refund]
engine.ingest("orders", order("o1-r", "2026-02-03T12:00", -60), now="2026-02-04")
profile = engine.profile("anna")
assert (str(profile["spend"].value), profile["orders"].value) == ("0.00", 1)    # money back, the order was one
# [/refund]

# [deleted]
report = engine.delete("orders", {"customer": ["anna", "anna"], "order_id": ["o1-r", "o7"]})
engine.advance("2026-02-05")
assert (report.deleted, report.unknown) == (1, 1)           # o7 never was
assert str(engine.profile("anna")["spend"].value) == "60.00"
# [/deleted]

# [moved]
engine.ingest("orders", order("o2", "2026-02-05T10:00", 80), now="2026-02-06")
engine.delete("orders", {"customer": ["anna"], "order_id": ["o2"]})         # it was Ben's
engine.ingest("orders", order("o2", "2026-02-05T10:00", 80) | {"customer": ["ben"]})
engine.advance("2026-02-06")
assert [str(engine.profile(who)["spend"].value) for who in ("anna", "ben")] == ["60.00", "80.00"]
# [/moved]
print(engine.history("anna"))
