"""Lifetime value: what customers brought so far, and what their orders say of the future.

>>> import patron
>>> orders = {
...     "customer": [1, 1, 2],
...     "date": ["2026-01-01", "2026-01-15", "2026-01-08"],
...     "total": [20.0, 30.0, 15.0],
... }
>>> weeks = patron.ltv.summary(orders, customer="customer", time="date", amount="total")
>>> weeks["frequency"].to_list(), weeks["recency"].to_list(), weeks["T"].to_list()
([1, 0], [2.0, 0.0], [2.0, 1.0])
"""

from ._plain import HistoricResult, historic, plain
from ._summary import SummaryResult, summary

__all__ = [
    "HistoricResult",
    "SummaryResult",
    "historic",
    "plain",
    "summary",
]
