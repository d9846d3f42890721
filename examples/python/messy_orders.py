"""Orders as a shop system exports them, made ready with pandas: text dates, currency signs, rows twice, refunds, two ids."""

# [export]
import pandas as pd

import patron
from patron import ltv

export = pd.DataFrame({
    "id": ["web:7", "till:12", "web:7", "web:7", "web:9", "till:12"],
    "when": ["03.01.2026 18:20", "15.01.2026 09:05", "03.01.2026 18:20", "20.01.2026 10:00", "02.02.2026 23:50",
             "11.02.2026 12:00"],
    "price": ["$1,250.00", "$80.50", "$1,250.00", "-$250.00", "$40.00", "$19.99"],
    "order": ["A-1", "B-1", "A-1", "R-1", "A-2", "B-2"],
    "refund_of": [None, None, None, "A-1", None, None],
})
people = pd.DataFrame({
    "id": ["web:7", "till:12", "web:9"],
    "email": ["Anna@Example.org ", None, "ben@example.org"],
    "phone": ["(212) 555-0100", "+1 212-555-0100", None],
})
# [/export]

# [clean]
orders = pd.DataFrame({
    "customer": export["id"],
    "time": pd.to_datetime(export["when"], format="%d.%m.%Y %H:%M"),   # a wall clock; its zone is given below
    "amount": export["price"].str.replace(r"[^0-9.-]", "", regex=True).astype(float),
    "order_id": export["order"],
    "refund_of": export["refund_of"],
})
# [/clean]

# [rfm]
once = orders.drop_duplicates()                     # else a row that came twice is two lines of one order
once = once.assign(order=once["refund_of"].fillna(once["order_id"]))   # a refund has the id of what it gives back
scored = patron.rfm(once, customer="customer", time="time", amount="amount", order="order",
                    timezone="America/New_York", as_of="2026-03-01")
assert dict(zip(scored["customer"], scored["monetary"])) == {"till:12": 100.49, "web:7": 1000.0, "web:9": 40.0}
# [/rfm]

# [engine]
engine = patron.Engine({
    "patron": 1, "name": "shop", "timezone": "America/New_York", "money": {"currency": "USD", "scale": 2},
    "customer": {"id": "string"}, "identities": {"keys": ["email", "phone"]},
    "streams": {"orders": {"key": "order_id", "refund_of": "refund_of"}},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}},
             {"name": "orders", "metric": {"count": "orders", "where": "amount > 0"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 1000"}, {"name": "guest"}]}]})
report = engine.ingest("orders", orders)            # the order number tells what came twice
assert (report.accepted, report.duplicates) == (5, 1)
# [/engine]

# [people]
digits = people["phone"].str.replace(r"[^0-9+]", "", regex=True)
people["phone"] = digits.where(digits.isna() | digits.str.startswith("+"), "+1" + digits)   # the shop knows its country
people["time"] = orders["time"].min()               # since when that holds; without it, from the clock on
claims = people.rename(columns={"id": "customer"})
assert engine.claim(claims).refused_rows == 0
engine.advance("2026-03-01")
profiles = engine.profiles().to_pandas()
assert profiles["customer"].to_list() == ["till:12", "web:9"]       # one phone: web:7 is till:12, the smaller id
assert [float(spend) for spend in profiles["spend"]] == [1100.49, 40.0]
assert profiles["tier"].to_list() == ["gold", "guest"]
# [/people]

# [segments]
of = dict(zip(people["id"], engine.identities(people["id"])["customer"]))   # who stands for an id
assert of == {"web:7": "till:12", "till:12": "till:12", "web:9": "web:9"}
joined = once.assign(customer=once["customer"].map(of))     # the same people for RFM and lifetime value
scored = patron.rfm(joined, customer="customer", time="time", amount="amount", order="order",
                    timezone="America/New_York", as_of="2026-03-01")
assert dict(zip(scored["customer"], scored["monetary"])) == {"till:12": 1100.49, "web:9": 40.0}
print(scored.to_pandas()[["customer", "monetary", "segment"]])
# [/segments]

# [value]
log = {"customer": ["anna", "anna", "anna", "ben", "ben"], "order": [1, 2, 2, 3, 4],
       "time": ["2026-01-02", "2026-02-01", "2026-02-09", "2026-01-05", "2026-02-10"],
       "amount": [30.0, 40.0, -40.0, 20.0, 25.0]}
customers = ltv.summary(log, customer="customer", time="time", amount="amount", order="order", unit="week",
                        observation_end="2026-03-01")
assert customers["frequency"].to_list() == [1, 1] and customers["monetary"].to_list() == [0.0, 25.0]
purchases = ltv.BgNbd.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)     # or BgNbd().fit(customers)
spend = ltv.GammaGamma.from_params(p=6.25, q=3.74, v=15.44)
worth = ltv.value(purchases, spend, customers, rate_per_year=0.1, horizon=52, on_bad_row="null")
anna, ben = worth["value"]
assert anna is None and ben > 0
print(worth)
# [/value]
