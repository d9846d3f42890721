"""One customer with many ids: links, keys that make links, taking them out, and forgetting."""

# [setup]
import patron

policy = patron.Policy({
    "patron": 1, "name": "corner shop", "money": {"currency": "EUR", "scale": 2},
    "customer": {"id": "string"}, "streams": {"orders": {}},
    "identities": {"keys": ["member", "email", "phone"]},
    "tags": [{"name": "spend", "metric": {"sum": "orders.amount"}}],
    "classifications": [{"name": "tier", "kind": "ladder", "classes": [
        {"name": "gold", "enter": "spend >= 500"}, {"name": "guest"}]}]})
engine = patron.Engine(policy)
engine.ingest("orders", {
    "customer": ["card:17", "web:anna", "web:ben"],
    "time": ["2026-01-05", "2026-01-08", "2026-01-09"],
    "amount": [300, 250, 40]}, now="2026-02-01")


def tiers():
    return dict(zip(*(engine.classes()[name] for name in ("customer", "tier"))))
# [/setup]


# [link]
assert tiers() == {"card:17": "guest", "web:anna": "guest", "web:ben": "guest"}
report = engine.link({"first": ["web:anna"], "second": ["card:17"]})    # the shop says who has the card
engine.advance("2026-02-01")
assert tiers() == {"web:anna": "gold", "web:ben": "guest"}              # 550.00 together
assert engine.history("card:17")["cause"].to_list()[-1] == "merge"      # any of her ids names her
# [/link]

# [unlink]
engine.unlink({"first": ["web:anna"], "second": ["card:17"]})           # it was her sister's
engine.advance("2026-02-02")
assert tiers() == {"card:17": "guest", "web:anna": "guest", "web:ben": "guest"}
# [/unlink]

# [claim]
engine.claim({
    "customer": ["card:17", "web:anna", "web:ben"], "time": ["2026-03-01"] * 3,
    "member": ["M-1", None, "M-2"],
    "email": [None, "Anna@Example.org", None],
    "phone": ["+49 30 123456", None, "0049 30 123456"]})
engine.claim({"customer": ["card:17"], "time": ["2026-03-02"], "email": ["anna@example.org"]})
engine.advance("2026-03-03")
for meeting in engine.key_meetings().to_dicts():
    print(meeting)
assert tiers() == {"card:17": "gold", "web:ben": "guest"}   # one e-mail; but two members may share a phone
# [/claim]

# [who]
assert engine.customer_of("web:anna") == "card:17"          # on one screen
tickets = {"caller": ["web:anna", "web:ben", "web:carl"], "minutes": [4, 11, 2]}
known = engine.identities(tickets["caller"])                # a row for each
assert known["customer"].to_list() == ["card:17", "web:ben", None]
assert engine.identities().to_dict() == {                   # every id there is: a table to join with
    "id": ["card:17", "web:anna", "web:ben"], "customer": ["card:17", "card:17", "web:ben"]}
# [/who]

# [forget]
assert engine.forget("web:anna")                            # all of her: the card is hers too
assert tiers() == {"web:ben": "guest"}
assert len(engine.history("card:17")) == 0
# [/forget]
