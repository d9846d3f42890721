"""Raw orders in, named customers out, with nothing installed but patron."""

import patron

orders = {
    "customer": ["ann", "bob", "ann", "cem", "dua", "bob", "eve"],
    "date": ["2026-01-02", "2026-01-05", "2026-02-01", "2026-02-03", "2025-07-01", "2026-02-09", "2026-01-20"],
    "amount": [120.0, 25.0, 75.5, 99.0, 310.0, -5.0, 12.5],
}

scored = patron.rfm(
    orders, customer="customer", time="date", amount="amount", timezone="Europe/Berlin", as_of="2026-03-01"
)
for name, code, segment in zip(scored["customer"], scored["code"], scored["segment"]):
    print(name, code, segment)

abc = patron.rank(scored["monetary"], share=(0.8, 0.95))
print("A, B and C:", abc.members)
print(scored.cuts)
