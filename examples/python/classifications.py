"""Each kind of classification, and each key of a class, on a few orders whose outcome is worked out by hand."""

# [shop]
import patron


def shop(*classifications, **more):
    """An engine over orders and visits, with these classifications."""
    return patron.Engine({
        "patron": 1, "name": "shop", "money": {"currency": "EUR", "scale": 2}, "customer": {"id": "string"},
        "streams": {"orders": {}, "interactions": {}},
        "tags": [{"name": "spend", "metric": {"sum": "orders.amount", "window": "90d"}},
                 {"name": "last_order", "metric": {"last": "orders.time"}},
                 {"name": "visits", "metric": {"count": "interactions", "window": "30d"}}],
        "classifications": list(classifications), **more})


def buy(engine, customer, day, amount):
    engine.ingest("orders", {"customer": [customer], "time": [day], "amount": [amount]})


def way(engine, customer, name):
    """When she came into which class."""
    moves = engine.history(customer).to_dicts()
    return [f"{move['at']:%Y-%m-%d} {move['to']}" for move in moves if move["classification"] == name]


def held(engine, name):
    """Everybody's class."""
    classes = engine.classes()
    return dict(zip(classes["customer"], classes[name]))
# [/shop]


# [ladder]
engine = shop({"name": "tier", "kind": "ladder", "classes": [
    {"name": "gold", "enter": "spend >= 1000", "keep": "spend >= 800", "grace": "30d"},
    {"name": "silver", "enter": "spend >= 200"},
    {"name": "guest"}]})                           # the last without enter takes the rest
buy(engine, "anna", "2026-01-10", 900)
buy(engine, "anna", "2026-02-01", 300)             # 1,200: gold at once
engine.advance("2026-12-31")
assert way(engine, "anna", "tier") == [
    "2026-01-10 silver", "2026-02-01 gold",
    "2026-05-10 guest"]     # on 10 April the 900 leave the 90 days, keep fails, and grace is 30 days
# [/ladder]

# [first_match]
engine = shop({"name": "stage", "kind": "first_match", "classes": [
    {"name": "lost", "enter": "age(last_order) >= days(120)"},
    {"name": "at_risk", "enter": "age(last_order) >= days(60)"},
    {"name": "active", "enter": "has(last_order)"},
    {"name": "prospect"}]})
buy(engine, "anna", "2026-01-01", 50)
engine.advance("2026-12-31")
assert way(engine, "anna", "stage") == [
    "2026-01-01 active", "2026-03-02 at_risk", "2026-05-01 lost"]      # 60 and 120 days later
# [/first_match]

# [bands]
engine = shop({"name": "size", "kind": "bands", "of": "spend", "cuts": [100, 1000], "hysteresis": 0.1,
               "classes": ["small", "middle", "large"]})
buy(engine, "anna", "2026-01-01", 1000)            # a cut belongs to the band above it
buy(engine, "anna", "2026-01-05", -50)             # 950: large is left below 900 only
buy(engine, "anna", "2026-01-09", -60)             # 890
engine.advance("2026-02-01")
assert way(engine, "anna", "size") == ["2026-01-01 large", "2026-01-09 middle"]
# [/bands]

# [flags]
engine = shop({"name": "audience", "kind": "flags", "classes": [
    {"name": "buyers", "enter": "spend > 0"},
    {"name": "big", "enter": "spend >= 500", "cool_down": "60d"},
    {"name": "browsers", "enter": "visits >= 2 && spend == 0"}]})
buy(engine, "anna", "2026-01-01", 600)
engine.ingest("interactions", {"customer": ["ben", "ben"], "time": ["2026-01-02", "2026-01-03"]})
engine.advance("2026-01-10")
assert held(engine, "audience") == {"anna": "buyers,big", "ben": "browsers"}    # any number of them
# [/flags]

# [rank]
engine = shop({"name": "abc", "kind": "rank", "by": "spend", "classes": [
    {"name": "A", "share": 0.6}, {"name": "B", "share": 0.9}, {"name": "C"}]},
    calibrate={"min_customers": 1})
for customer, amount in {"anna": 60, "ben": 30, "clara": 10}.items():
    buy(engine, customer, "2026-01-01", amount)
engine.advance("2026-01-02")
assert set(held(engine, "abc").values()) == {"C"}                        # nothing is calibrated yet
engine.calibrate()
assert held(engine, "abc") == {"anna": "A", "ben": "B", "clara": "C"}    # 60 % and 90 % of all that is spent
buy(engine, "clara", "2026-01-03", 50)
engine.advance("2026-01-04")
assert held(engine, "abc")["clara"] == "A"         # 60 is the cut of A, and stands until the next calibration
# [/rank]

# [seats]
engine = shop({"name": "care", "kind": "rank", "by": "spend", "where": "spend > 20", "classes": [
    {"name": "manager", "top": 1, "min_dwell": "60d"}, {"name": "others"}]},
    calibrate={"min_customers": 1})
for customer, amount in {"anna": 60, "ben": 30, "clara": 10}.items():
    buy(engine, customer, "2026-01-01", amount)
engine.advance("2026-01-02")
engine.calibrate()
buy(engine, "ben", "2026-01-03", 500)
engine.advance("2026-02-01")
engine.calibrate()
assert held(engine, "care")["anna"] == "manager"   # ben spent more; but the seat is hers for 60 days
engine.advance("2026-03-10")
engine.calibrate()
assert held(engine, "care") == {"anna": "others", "ben": "manager", "clara": "others"}
# [/seats]

# [grid]
engine = shop({"name": "segment", "kind": "grid", "table": "rfm.eleven"},
              models={"rfm": {"window": "365d"}}, calibrate={"min_customers": 5})
for days, customer in enumerate(["anna", "ben", "clara", "dora", "emil"]):
    for order in range(5 - days):                  # anna is the newest, buys most often, and spends most
        buy(engine, customer, f"2026-01-{20 - 4 * days - order // 2:02}", 100 - 10 * days + order)
engine.advance("2026-02-01")
assert set(held(engine, "segment").values()) == {None}          # no scores before the first calibration
engine.calibrate()
assert held(engine, "segment")["anna"] == "Champions"           # the best fifth in all three
# [/grid]

# [timers]
engine = shop({"name": "tier", "kind": "ladder", "classes": [
    {"name": "gold", "enter": "spend >= 1000", "min_dwell": "120d", "leave": "one_step"},
    {"name": "silver", "enter": "spend >= 200", "leave": {"at": "year_end"}},
    {"name": "guest"}]})
buy(engine, "anna", "2026-03-01", 1000)
engine.advance("2027-02-01")
assert way(engine, "anna", "tier") == [
    "2026-03-01 gold",
    "2026-06-29 silver",    # the 90 days end on 30 May; min_dwell keeps her 120 days; then one step down
    "2027-01-01 guest"]     # silver is left at the end of a year
# [/timers]

# [cap]
engine = shop({"name": "tier", "kind": "ladder", "cap": {"moves": 1, "per": "100d"}, "classes": [
    {"name": "gold", "enter": "spend >= 1000"}, {"name": "guest"}]})
buy(engine, "anna", "2026-01-01", 1000)            # gold until 1 April
buy(engine, "anna", "2026-05-01", 1000)            # 30 days after a move down: no way up
engine.advance("2026-07-15")
assert way(engine, "anna", "tier") == ["2026-01-01 gold", "2026-04-01 guest", "2026-07-10 gold"]
# [/cap]

# [unknown]
silent = {"name": "stage", "kind": "first_match", "classes": [
    {"name": "regular", "enter": "gap < days(30)"}, {"name": "others"}]}
tags = [{"name": "gap", "metric": {"gap_mean": "orders", "window": "90d"}}]    # null with fewer than two orders
for on_unknown, after in {"skip": "others", "hold": "regular"}.items():
    engine = shop({**silent, "on_unknown": on_unknown}, tags=tags)
    buy(engine, "anna", "2026-01-01", 10)
    buy(engine, "anna", "2026-01-08", 10)
    engine.advance("2026-02-01")
    assert held(engine, "stage") == {"anna": "regular"}
    engine.advance("2026-06-01")                   # no orders any more: her gap is not known
    assert held(engine, "stage") == {"anna": after}
# [/unknown]

# [override]
engine = shop({"name": "tier", "kind": "ladder", "classes": [
    {"name": "gold", "enter": "spend >= 1000"}, {"name": "silver", "enter": "spend >= 200"},
    {"name": "guest"}]})
buy(engine, "anna", "2026-01-01", 300)
engine.advance("2026-01-10")
engine.override("anna", "tier", "floor", "gold", until="2026-02-01", reason="complaint", author="service")
engine.advance("2026-03-01")
assert way(engine, "anna", "tier") == ["2026-01-01 silver", "2026-01-10 gold", "2026-02-01 silver"]
assert held(engine, "tier_since")["anna"].strftime("%Y-%m-%d") == "2026-02-01"    # when it was seen
# [/override]

# [readers]
engine = shop(
    {"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 1000"}, {"name": "guest"}]},
    {"name": "audience", "kind": "flags", "classes": [
        {"name": "fallen", "enter": "tier == 'guest' && tier.previous == 'gold' && tier.time_in < days(30)"}]})
buy(engine, "anna", "2026-01-01", 1000)
engine.advance("2026-12-31")
assert way(engine, "anna", "audience") == ["2026-04-01 fallen", "2026-05-01 None"]    # in, and out 30 days later
# [/readers]

print("every class is as it was worked out")
