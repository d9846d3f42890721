"""Models of contracts: whether a customer renews, and for how long."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from .. import _ffi, _options
from ..errors import ArgumentError
from . import _rows
from ._model import Model, of_a_model

_Self = TypeVar("_Self", bound="ContractModel")


class ContractModel(Model):
    """What the models of contracts are asked.

    ``T`` is how many periods a contract has survived, that is, how often it was renewed: as a column, a number,
    or a table with a column of this name. Without it, the question is about a new contract. Answers and
    options are as for `PurchaseModel`.
    """

    @of_a_model
    def fit(
        self: _Self,
        T: Any,
        churned: Any = None,
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
        T : sequence of int, or table
            Where the contract ended, the period in which it did (1: never renewed); else how many periods it
            has survived. Or a table with columns ``T`` and ``churned``.
        churned : sequence of bool
            Whether it ended.
        weights, penalty, threads, max_iterations, on_bad_row, progress
            As for `PurchaseModel.fit`.

        Returns
        -------
        self

        Raises
        ------
        DataError, ArgumentError
            As for `PurchaseModel.fit`.

        Warns
        -----
        ConvergenceWarning
            The fit is no optimum.
        """
        given = {"T": T, "churned": churned, "weight": weights}
        return self._fit(given, penalty, threads, max_iterations, on_bad_row, progress)

    @of_a_model
    def fit_survivors(self: _Self, survivors: Any, **options: Any) -> _Self:
        """Fits a cohort by how many of it were left after each period.

        Parameters
        ----------
        survivors : sequence of float
            How many there were at the start, after one period, after two, and so on, not increasing. For
            percents, the log-likelihood is that of 100 customers.
        **options
            As `fit`, without weights.

        Returns
        -------
        self

        Raises
        ------
        ArgumentError
            A count that is above the one before it, below 0, or no number.
        """
        counts = [
            _options.number("survivors", value) for value in _rows.listed("survivors", survivors)
        ]
        for period, count in enumerate(counts):
            if not 0 <= count < math.inf:
                raise ArgumentError(f"survivors[{period}] is {count:g}; give how many were left")
            if period > 0 and count > counts[period - 1]:
                raise ArgumentError(
                    f"survivors[{period}] is {count:g}, above the {counts[period - 1]:g} of one period "
                    "before; a cohort has no newcomers"
                )
        left = [a - b for a, b in zip(counts, counts[1:])]
        rows = [(period, 1, lost) for period, lost in enumerate(left, 1)]
        rows.append((len(left), 0, counts[-1] if counts else 0.0))
        rows = [row for row in rows if row[2] != 0]
        T, churned, weights = (list(column) for column in zip(*rows)) if rows else ([], [], [])
        return self.fit(T, churned, weights=weights, **options)

    def survival(self, horizon: float, T: Any = None, **options: Any) -> Any:
        """The probability to survive `horizon` more periods, given the T survived."""
        return self._predict(
            _ffi.PATRON_LTV_QUANTITY_PROBABILITY_ALIVE,
            {"T": T},
            horizon=horizon,
            **options,
        )

    def retention_rate(self, T: Any = None, **options: Any) -> Any:
        """The probability to renew at the next renewal, given the T survived."""
        return self._predict(_ffi.PATRON_LTV_QUANTITY_RETENTION_RATE, {"T": T}, **options)

    def residual_lifetime(
        self, T: Any = None, *, horizon: float | None = None, **options: Any
    ) -> Any:
        """Expected further renewals in the horizon, or for ever; NaN where that mean does not exist."""
        return self._predict(
            _ffi.PATRON_LTV_QUANTITY_RESIDUAL_LIFETIME,
            {"T": T},
            horizon=horizon,
            **options,
        )

    def discounted_residual_lifetime(
        self,
        T: Any = None,
        *,
        rate_per_year: float,
        horizon: float | None = None,
        **options: Any,
    ) -> Any:
        """Expected further renewals, each discounted to now at a rate per year."""
        return self._predict(
            _ffi.PATRON_LTV_QUANTITY_DISCOUNTED_LIFETIME,
            {"T": T},
            rate_per_year=rate_per_year,
            horizon=horizon,
            **options,
        )


class Sbg(ContractModel):
    """Shifted beta-geometric: each contract has its own chance to end at every renewal.

    Parameters ``alpha``, ``beta``. Fader and Hardie (2007).

    Examples
    --------
    >>> from patron import ltv
    >>> model = ltv.Sbg.from_params(alpha=0.668, beta=3.806, unit="year")
    >>> round(model.survival(7), 3), round(model.retention_rate(T=7), 3)
    (0.489, 0.942)
    """

    _kind: ClassVar[int] = _ffi.PATRON_LTV_MODEL_SBG


class BdW(ContractModel):
    """Beta-discrete-Weibull: as `Sbg`, but each contract's chance to end changes with its age too.

    Parameters ``alpha``, ``beta``, ``c``; with c = 1 it is `Sbg`. Fader, Hardie, Liu, Davin and Steenburgh
    (2018).
    """

    _kind: ClassVar[int] = _ffi.PATRON_LTV_MODEL_BDW
