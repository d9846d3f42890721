"""Models of purchases without a contract: how often a customer still buys, and whether she is still one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from .. import _ffi
from ..errors import ArgumentError
from ._model import Model, of_a_model

_Self = TypeVar("_Self", bound="PurchaseModel")


class PurchaseModel(Model):
    """What the models of purchases are asked.

    Customers are given as columns (arrays, Series, lists), one by one as numbers, or as a table with columns
    ``frequency``, ``recency`` and ``T``, such as `patron.ltv.summary` gives. One customer gives a float (with
    an interval a `Prediction`), many give a `Column` (with an interval a `Table` of ``value``, ``low``
    and ``high``). Without any customer the question is about a new one, at her first purchase.

    Every method takes ``interval=None``, ``"confidence"`` (what the data leave open about the expectation)
    or ``"prediction"`` (what this customer may do, were the parameters known), ``level=0.95``, ``threads``
    and ``on_bad_row="raise"`` or ``"null"``.
    """

    _columns: ClassVar[tuple[str, ...]] = ("frequency", "recency", "T")

    @of_a_model
    def fit(
        self: _Self,
        frequency: Any,
        recency: Any = None,
        T: Any = None,
        *,
        weights: Any = None,
        penalty: float = 0.0,
        threads: int | None = None,
        max_iterations: int = 200,
        on_bad_row: str = "refuse",
        progress: Callable[[float], object] | None = None,
    ) -> _Self:
        """Fits the parameters by maximum likelihood.

        Parameters
        ----------
        frequency : sequence of int, or table
            Repeat purchases of each customer; or a table that has the three columns.
        recency : sequence of float
            From the first to the last purchase, in the unit; 0 where there was no repeat.
        T : sequence of float
            From the first purchase to the end of observation.
        weights : sequence of float, or name of a column
            How many customers a row stands for.
        penalty : float
            L2 on the logarithms of the parameters; 0 is plain maximum likelihood.
        threads : int, optional
            One for each core where it is None.
        max_iterations : int
            Steps before the fit is given up.
        on_bad_row : {"refuse", "raise"}
            Leave out rows that cannot be, counted and listed in ``excluded_``; or raise at the first.
        progress : callable, optional
            Called with the share done, 0 to 1.

        Returns
        -------
        self

        Raises
        ------
        DataError
            No row that can be used, nobody with a repeat purchase, columns that are missing or no numbers.
        ArgumentError
            Options out of their domain.

        Warns
        -----
        ConvergenceWarning
            The fit is no optimum: ``message_`` says why.
        """
        given = self._given(frequency, recency, T)
        given["weight"] = weights
        return self._fit(given, penalty, threads, max_iterations, on_bad_row, progress)

    def probability_alive(
        self,
        frequency: Any = None,
        recency: Any = None,
        T: Any = None,
        at: float | None = None,
        **options: Any,
    ) -> Any:
        """The probability to be a customer still, now or `at` later (in the unit)."""
        return self._predict(
            _ffi.PATRON_LTV_QUANTITY_PROBABILITY_ALIVE,
            self._given(frequency, recency, T),
            horizon=0.0 if at is None else at,
            **options,
        )

    def expected_purchases(
        self,
        horizon: float | None,
        frequency: Any = None,
        recency: Any = None,
        T: Any = None,
        **options: Any,
    ) -> Any:
        """Expected purchases in the `horizon` after now; None is for ever, where that is finite."""
        return self._predict(
            _ffi.PATRON_LTV_QUANTITY_EXPECTED_PURCHASES,
            self._given(frequency, recency, T),
            horizon=horizon,
            **options,
        )

    def expected_purchases_new(self, horizon: float | None, **options: Any) -> Any:
        """Expected repeat purchases of a new customer in the `horizon` after her first."""
        return self.expected_purchases(horizon, **options)

    def purchase_pmf(
        self,
        n: Any,
        horizon: float,
        frequency: Any = None,
        recency: Any = None,
        T: Any = None,
        **options: Any,
    ) -> Any:
        """The probability of exactly `n` purchases in the `horizon` after now.

        With several `n`, a list with one answer for each.
        """
        if isinstance(n, Iterable) and not isinstance(n, (str, bytes)):
            return [
                self.purchase_pmf(one, horizon, frequency, recency, T, **options) for one in n
            ]
        return self._predict(
            _ffi.PATRON_LTV_QUANTITY_PURCHASE_PROBABILITY,
            self._given(frequency, recency, T),
            horizon=horizon,
            count=n,
            **options,
        )

    def next_purchase(
        self,
        frequency: Any = None,
        recency: Any = None,
        T: Any = None,
        *,
        probability: float = 0.5,
        **options: Any,
    ) -> Any:
        """The time by which the next purchase has come with this `probability`; it may be infinite."""
        return self._predict(
            _ffi.PATRON_LTV_QUANTITY_NEXT_PURCHASE,
            self._given(frequency, recency, T),
            probability=probability,
            **options,
        )

    def discounted_expected_purchases(
        self,
        frequency: Any = None,
        recency: Any = None,
        T: Any = None,
        *,
        rate_per_year: float,
        horizon: float | None = None,
        **options: Any,
    ) -> Any:
        """Expected purchases, each discounted to now at a rate per year, in the horizon or for ever."""
        return self._predict(
            _ffi.PATRON_LTV_QUANTITY_DISCOUNTED_PURCHASES,
            self._given(frequency, recency, T),
            rate_per_year=rate_per_year,
            horizon=horizon,
            **options,
        )

    def _given(self, frequency: Any, recency: Any, T: Any) -> dict[str, Any]:
        given = {"frequency": frequency, "recency": recency, "T": T}
        return {name: given[name] for name in self._columns}


class BgNbd(PurchaseModel):
    """BG/NBD: buys at a rate of her own, and may leave after each repeat purchase.

    Parameters ``r``, ``alpha`` (rates are gamma), ``a``, ``b`` (chances to leave are beta). Fader, Hardie and
    Lee (2005). A customer without a repeat purchase is alive for certain; `MbgNbd` is the model that
    doubts it.

    Examples
    --------
    >>> from patron import ltv
    >>> model = ltv.BgNbd.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426, unit="week")
    >>> round(model.expected_purchases(39, frequency=2, recency=30.43, T=38.86), 3)
    1.226
    >>> round(model.probability_alive(2, 30.43, 38.86), 4)
    0.7266
    """

    _kind: ClassVar[int] = _ffi.PATRON_LTV_MODEL_BG_NBD


class MbgNbd(PurchaseModel):
    """MBG/NBD: as `BgNbd`, but may leave after the first purchase too.

    Parameters ``r``, ``alpha``, ``a``, ``b``. Batislam, Denizel and Filiztekin (2007).
    """

    _kind: ClassVar[int] = _ffi.PATRON_LTV_MODEL_MBG_NBD


class ParetoNbd(PurchaseModel):
    """Pareto/NBD: buys at a rate of her own, and may leave at any time.

    Parameters ``r``, ``alpha`` (purchase rates), ``s``, ``beta`` (rates of leaving). Schmittlein, Morrison and
    Colombo (1987).
    """

    _kind: ClassVar[int] = _ffi.PATRON_LTV_MODEL_PARETO_NBD


class Nbd(PurchaseModel):
    """NBD: buys at a rate of her own, for ever. Reads ``frequency`` and ``T``; recency is not looked at.

    Parameters ``r``, ``alpha``. Ehrenberg (1959).
    """

    _kind: ClassVar[int] = _ffi.PATRON_LTV_MODEL_NBD
    _columns: ClassVar[tuple[str, ...]] = ("frequency", "T")


class BgBb(PurchaseModel):
    """BG/BB: buys or not at each of a row of opportunities, and may leave before each.

    Parameters ``alpha``, ``beta`` (chances to buy), ``gamma``, ``delta`` (chances to leave). Fader, Hardie and
    Shang (2010). Recency is the number of the opportunity of the last purchase, ``T`` how many there were;
    every method but `purchase_pmf`, whose ``n`` counts purchases, takes ``n`` for it too. Horizons are whole.

    Examples
    --------
    >>> from patron import ltv
    >>> model = ltv.BgBb.from_params(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783, unit="year")
    >>> round(model.probability_alive(frequency=2, recency=4, n=6, at=1), 2)
    0.59
    """

    _kind: ClassVar[int] = _ffi.PATRON_LTV_MODEL_BG_BB

    @of_a_model
    def fit(  # type: ignore[override]
        self: _Self,
        frequency: Any,
        recency: Any = None,
        n: Any = None,
        *,
        T: Any = None,
        **options: Any,
    ) -> _Self:
        """Fits the parameters by maximum likelihood; ``n`` is the number of opportunities.

        Parameters
        ----------
        frequency : sequence of int, or table
            Opportunities at which the customer bought; or a table with ``frequency``, ``recency``, ``T``.
        recency : sequence of int
            The opportunity of the last purchase, 0 for none.
        n : sequence of int
            How many opportunities there were.
        T : sequence of int
            Another name of `n`.
        **options
            As `PurchaseModel.fit`.

        Returns
        -------
        self
        """
        return super().fit(frequency, recency, _opportunities(n, T), **options)

    def _predict(
        self, quantity: int, given: Mapping[str, Any], *, n: Any = None, **options: Any
    ) -> Any:
        given = {**given, "T": _opportunities(n, given["T"])}
        return super()._predict(quantity, given, **options)


def _opportunities(n: Any, T: Any) -> Any:
    if n is not None and T is not None:
        raise ArgumentError("n and T are two names of the number of opportunities; give one of them")
    return T if n is None else n
