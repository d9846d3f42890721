"""A condition over customers: checked, evaluated, explained, and when it changes with the clock alone."""

import patron

facts = patron.Schema(
    {
        "spend_12m": "money",
        "last_order": "date",
        "tier": {"type": "enum", "values": ["silver", "gold", "platinum"], "ordered": True},
    },
    timezone="Europe/Berlin",
    currency="EUR",
)

try:
    patron.Expression("spend_12m >= 1000 && teir == 'gold'", facts)
except patron.ExpressionError as error:
    print(error)

loyal = patron.Expression(
    "spend_12m >= 1000 && (age(last_order) <= days(90) || tier >= 'gold')", facts
)
customers = {
    "spend_12m": [1240, 860.5, None, 5000],
    "last_order": ["2026-01-05", "2026-01-20", "2026-01-28", "2025-06-01"],
    "tier": ["silver", "gold", None, None],
}
result = loyal.evaluate(customers, now="2026-02-01")
print(result)

second = {"spend_12m": 860.5, "last_order": "2026-01-20", "tier": "gold"}
why = loyal.explain(second, now="2026-02-01")
for atom in why.atoms:
    away = "" if atom.distance is None else f", {atom.distance:g} away"
    print(f"{atom.text}: {atom.value}{away}")
print("missing:", [why.atoms[i].text for change in why.missing for i in change])

first = {"spend_12m": 1240, "last_order": "2026-01-05", "tier": "silver"}
print("loyal until", loyal.breakpoints(first, "2026-02-01").next)
print(loyal.to_sql("postgresql", now="2026-02-01"))
