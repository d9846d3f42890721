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
>>> model = patron.ltv.BgNbd.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426, unit="week")
>>> round(model.expected_purchases(39, frequency=2, recency=30.43, T=38.86), 3)
1.226
"""

from ._contracts import BdW, ContractModel, Sbg
from ._document import from_json
from ._model import ConvergenceWarning, Model, Prediction
from ._plain import HistoricResult, historic, plain
from ._purchases import BgBb, BgNbd, MbgNbd, Nbd, ParetoNbd, PurchaseModel
from ._spend import GammaGamma, value
from ._summary import SummaryResult, summary

__all__ = [
    "BdW",
    "BgBb",
    "BgNbd",
    "ContractModel",
    "ConvergenceWarning",
    "GammaGamma",
    "HistoricResult",
    "MbgNbd",
    "Model",
    "Nbd",
    "ParetoNbd",
    "Prediction",
    "PurchaseModel",
    "Sbg",
    "SummaryResult",
    "from_json",
    "historic",
    "plain",
    "summary",
    "value",
]
