"""Checks a segment table before a customer finds out what is wrong with it."""

import patron

for name in patron.SegmentTable.built_in():
    print(f"{name:10} {patron.segment_table(name).lint()}")

own = patron.segment_table(
    [
        {"name": "Stars", "r": [4, 5], "f": [4, 5], "advice": "Invite them first."},
        {"name": "Sleeping stars", "r": [1, 2], "f": [4, 5], "advice": "Call them."},
        {"name": "New", "r": [4, 5], "f": 1},
    ]
)
lint = own.lint()
print(lint)
print(lint.findings)
