"""The money of an order, and what a customer is worth."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from .. import _ffi, _options
from .._native import lib
from .._progress import Watcher
from .._table import Table
from ..errors import ArgumentError
from . import _rows
from ._model import _BAD_ROWS, Model, _predicted, _watched, of_a_model, set_interval
from ._purchases import PurchaseModel
from ._summary import SummaryResult


class GammaGamma(Model):
    """Gamma-Gamma: the mean money of a customer's orders varies around her own mean, and that between customers.

    Parameters ``p``, ``q``, ``v``. Fader and Hardie (2013). Spend must not depend on how often she buys. With
    q of 1 or less the mean of all customers does not exist.

    Examples
    --------
    >>> from patron import ltv
    >>> model = ltv.GammaGamma.from_params(p=6.25, q=3.74, v=15.44)
    >>> round(model.expected_spend(frequency=2, monetary=40.0), 2)
    39.14
    """

    _kind: ClassVar[int] = _ffi.PATRON_LTV_MODEL_GAMMA_GAMMA

    @of_a_model
    def fit(
        self,
        frequency: Any,
        monetary: Any = None,
        *,
        weights: Any = None,
        penalty: float = 0.0,
        threads: int | None = None,
        max_iterations: int = 200,
        on_bad_row: str = "refuse",
        progress: Callable[[float], object] | None = None,
    ) -> GammaGamma:
        """Fits the parameters by maximum likelihood.

        Customers without a repeat purchase, or with money of zero or less, have nothing to say here: they are
        left out, counted and listed in ``excluded_``.

        Parameters
        ----------
        frequency : sequence of int, or table
            Repeat purchases; or a table with columns ``frequency`` and ``monetary``.
        monetary : sequence of float
            The mean money of these purchases.
        weights, penalty, threads, max_iterations, on_bad_row, progress
            As for `PurchaseModel.fit`.

        Returns
        -------
        self
        """
        given = {"frequency": frequency, "monetary": monetary, "weight": weights}
        return self._fit(given, penalty, threads, max_iterations, on_bad_row, progress)

    def expected_spend(self, frequency: Any = None, monetary: Any = None, **options: Any) -> Any:
        """The expected money of an order: of a customer, of each, or of a new one (the mean of all).

        NaN where the mean does not exist. Answers and options are as for `PurchaseModel`.
        """
        given = {"frequency": frequency, "monetary": monetary}
        return self._predict(_ffi.PATRON_LTV_QUANTITY_EXPECTED_SPEND, given, **options)


    def _check_summary(self, given: Mapping[str, Any]) -> None:
        for summary in given.values():
            if not isinstance(summary, SummaryResult):
                continue
            for option, found, wanted in (
                ("money", summary.money, "mean"),
                ("first_order", summary.first_order, "drop"),
            ):
                if found != wanted:
                    raise ArgumentError(
                        f"the summary was made with {option}={found!r}, but GammaGamma takes monetary for the "
                        f"mean of the repeat purchases; make it with {option}={wanted!r}"
                    )


def value(
    model: PurchaseModel,
    spend: GammaGamma,
    frequency: Any,
    recency: Any = None,
    T: Any = None,
    monetary: Any = None,
    *,
    rate_per_year: float,
    horizon: float | None = None,
    margin: float = 1.0,
    interval: str | None = None,
    level: float = 0.95,
    threads: int | None = None,
    on_bad_row: str = "raise",
    progress: Callable[[float], object] | None = None,
) -> Table:
    """What customers are worth from now on: expected money of an order times discounted purchases.

    Parameters
    ----------
    model : PurchaseModel
        Of purchases, fitted or by its numbers.
    spend : GammaGamma
        Of money.
    frequency, recency, T, monetary : sequence, or a table as the first
        Customers, as `patron.ltv.summary` gives them.
    rate_per_year : float
        Of discounting: 0.1 is ten per cent a year, whatever the unit of the model.
    horizon : float, optional
        In the unit of `model`; None is for ever.
    margin : float
        The share of the money that is kept.
    interval : {None, "confidence"}
        Adds ``low`` and ``high`` for the value; both models must be fits that converged. The money of one
        customer has no distribution in closed form, so there is no prediction interval.
    level : float
        Of the interval.
    threads : int, optional
        One for each core where it is None.
    on_bad_row : {"raise", "null"}
        What a row out of its domain does.
    progress : callable, optional
        Called with the share done.

    Returns
    -------
    Table
        ``probability_alive``, ``expected_purchases``, ``discounted_purchases``, ``expected_spend``, ``value``, one
        row for each customer, in their order.
    """
    if not isinstance(model, PurchaseModel) or not isinstance(spend, GammaGamma):
        raise ArgumentError("give a model of purchases, such as BgNbd, and then a GammaGamma")
    given = {"frequency": frequency, "recency": recency, "T": T, "monetary": monetary}
    model._check_summary(given)
    spend._check_summary(given)
    rows = _rows.open_rows(given)
    options = _ffi.patron_ltv_value_options.init()
    options.columns = ctypes.addressof(rows.columns)
    options.horizon = _rows.horizon_pointer(horizon, rows.keep)
    options.rate_per_year = _options.number("rate_per_year", rate_per_year)
    options.margin = _options.number("margin", margin)
    set_interval(options, interval, level)
    options.threads = _options.threads(threads)
    options.on_bad_row = _options.choose("on_bad_row", on_bad_row, _BAD_ROWS)
    watcher = Watcher(progress)
    watcher.attach(options)
    handles = (model._open().pointer, spend._open().pointer, rows.table.pointer)
    arguments = (*handles, ctypes.byref(options))
    table: Table = Table._wrap(
        _watched(watcher, lambda: _predicted(arguments, lib.patron_ltv_value))
    )
    return table
