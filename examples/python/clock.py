"""Time in an engine: facts that wait, facts that come late, and the instant at which time alone moves somebody."""

# [setup]
import patron

policy = patron.Policy({
    "patron": 1, "name": "corner shop", "timezone": "Europe/Berlin",
    "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "string"},
    "streams": {"orders": {}},
    "tags": [{"name": "spend_12mo", "metric": {"sum": "orders.amount", "window": "12mo"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend_12mo >= 500", "leave": {"at": "month_end"}},
        {"name": "guest"}]}]})


def told(transitions):
    return [f"{t['customer']}: {t['from'] or 'nobody'} -> {t['to']} at {t['at']:%Y-%m-%d %H:%M} UTC ({t['cause']})"
            for t in transitions.to_dicts()]
# [/setup]


# [waits]
engine = patron.Engine(policy)
engine.ingest("orders", {"customer": ["anna"], "time": ["2025-02-10T09:00"], "amount": [600]})
engine.advance("2025-06-01")
assert told(engine.transitions()) == ["anna: nobody -> gold at 2025-02-10 08:00 UTC (event)"]
# [/waits]

# [alone]
ahead = engine.forecast("2026-12-31")                       # nothing is changed by asking
assert [str(t) for t in ahead["at"]] == ["2026-02-28 23:00:00+00:00"]
engine.advance("2026-12-31")                                # months later, in one step
assert told(engine.transitions(after=1)) == ["anna: gold -> guest at 2026-02-28 23:00 UTC (time)"]
# [/alone]

# [late]
report = engine.ingest("orders", {"customer": ["anna"], "time": ["2026-11-30T18:00"], "amount": [700]})
engine.advance("2026-12-31")                                # the clock stands there: settle what came late
assert told(engine.transitions(after=2)) == ["anna: guest -> gold at 2026-12-30 23:00 UTC (event)"]
assert str(engine.transitions(after=2)["fact_time"][0]) == "2026-11-30 17:00:00+00:00"
# [/late]
print(*told(engine.transitions()), sep="\n")
