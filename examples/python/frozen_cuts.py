"""Learns the cuts from one season and scores the next one by the same yardstick."""

import patron

winter = {
    "customer": [1, 1, 2, 3, 4, 5],
    "date": ["2025-12-01", "2026-01-15", "2025-12-20", "2026-02-01", "2026-01-05", "2026-02-20"],
    "amount": [20, 30, 15, 80, 5, 45],
}
spring = {"customer": [1, 6], "date": ["2026-05-01", "2026-05-20"], "amount": [10, 60]}
columns = {"customer": "customer", "time": "date", "amount": "amount"}

stored = patron.rfm(winter, **columns, as_of="2026-03-01").cuts.to_json()
print(stored)

cuts = patron.RfmCuts.from_json(stored)
scored = patron.rfm(spring, **columns, as_of="2026-06-01", cuts=cuts)
print(scored["code"].to_list())
