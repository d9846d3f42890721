"""What all models of lifetime value have in common: how they are made, and what they are asked."""

from __future__ import annotations

import ctypes
import functools
import sys
import warnings
from collections.abc import Callable, Mapping
from types import MethodType
from typing import Any, ClassVar, NamedTuple, TypeVar

from .. import _ffi, _native, _options
from .._native import Handle, lib
from .._progress import Watcher
from .._table import Column, Table
from ..errors import ArgumentError, CallbackError, StateError
from . import _rows
from ._summary import UNITS, SummaryResult

_UNIT_NAMES = {number: name for name, number in UNITS.items()}
_INTERVALS = {
    "confidence": _ffi.PATRON_LTV_INTERVAL_CONFIDENCE,
    "prediction": _ffi.PATRON_LTV_INTERVAL_PREDICTION,
}
_BAD_ROWS = {
    "refuse": _ffi.PATRON_BAD_ROW_REFUSE,
    "null": _ffi.PATRON_BAD_ROW_REFUSE,
    "raise": _ffi.PATRON_BAD_ROW_FAIL,
}
_VERDICTS = {
    _ffi.PATRON_LTV_VERDICT_CONVERGED: "converged",
    _ffi.PATRON_LTV_VERDICT_FLAT_RIDGE: "flat_ridge",
    _ffi.PATRON_LTV_VERDICT_BOUNDARY: "boundary",
    _ffi.PATRON_LTV_VERDICT_TOO_LITTLE_DATA: "too_little_data",
    _ffi.PATRON_LTV_VERDICT_ITERATIONS: "iterations",
}

_Self = TypeVar("_Self", bound="Model")
_Function = TypeVar("_Function", bound=Callable[..., Any])


class ConvergenceWarning(UserWarning):
    """A fit that is no optimum; the message says why, and what to do."""


class Prediction(NamedTuple):
    """A prediction for one customer with its interval."""

    value: float
    low: float
    high: float


class _OfAModel:
    """A method that needs a model: called on the class it says how to get one."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __get__(self, model: Any, kind: type[Any]) -> Callable[..., Any]:
        function = self._function
        if model is not None:
            return MethodType(function, model)

        @functools.wraps(function)
        def of_class(*args: Any, **options: Any) -> Any:
            if args and isinstance(args[0], Model):
                return function(*args, **options)
            call, name = f"{function.__name__}(...)", kind.__name__
            raise ArgumentError(f"{name}.{call}: make a model first, which knows its unit: {name}(unit=\"week\").{call}")

        return of_class


def of_a_model(function: _Function) -> _Function:
    """Of a method that users of other packages may look for on the class."""
    return _OfAModel(function)  # type: ignore[return-value]


class Model:
    """A model of lifetime value: made by `fit`, `from_params` or `from_json`.

    Parameters
    ----------
    unit : {"week", "hour", "day", "month", "quarter", "year"}
        In what recency, T and horizons are counted.

    Attributes
    ----------
    unit : str
        As given.
    params_ : dict of str to float
        The parameters, by the names of the papers.
    log_likelihood_ : float
        In the clock of the data, without the penalty.
    covariance_ : list of list of float
        Of the parameters, in the order of `params_`; NaN where the fit is no optimum.
    standard_errors_ : dict of str to float
        Square roots of its diagonal.
    converged_ : bool
        Whether the fit is an optimum.
    verdict_ : {"converged", "flat_ridge", "boundary", "too_little_data", "iterations"}
        How the fit ended.
    message_ : str
        What that means, and what to do.
    aic_, bic_, gradient_norm_, n_iterations_, n_customers_, n_unique_ : float or int
        Of the fit.
    excluded_ : Table
        The rows that the fit left out: ``row`` (zero-based), ``column``, ``reason``.
    """

    _kind: ClassVar[int]
    #: The columns that the model reads of a customer.
    _columns: ClassVar[tuple[str, ...]]
    _handle: Handle | None = None
    _report: Any = None

    def __init__(self, unit: str = "week") -> None:
        self._unit = _options.choose("unit", unit, UNITS)

    @property
    def unit(self) -> str:
        """In what recency, T and horizons are counted."""
        return _UNIT_NAMES[self._unit]

    # -- Making one ----------------------------------------------------------------------------

    @classmethod
    def from_params(cls: type[_Self], *, unit: str = "week", **params: float) -> _Self:
        """A model by its numbers.

        Parameters
        ----------
        unit : str
            Of its clock.
        **params : float
            Each parameter by its name; above 0.

        Raises
        ------
        ArgumentError
            A parameter that is missing, unknown, or not above 0.
        """
        self = cls(unit)
        names = self._names()
        for name in [*params, *names]:
            if name not in names:
                raise ArgumentError(f"{name} is no parameter; the parameters are {', '.join(names)}")
            if name not in params:
                raise ArgumentError(f"{name} is missing; the parameters are {', '.join(names)}")
        values = [_options.number(name, params[name]) for name in names]
        numbers = (ctypes.c_double * len(values))(*values)
        self._take(lib.patron_ltv_create, self._kind, numbers, len(values), self._unit)
        return self

    @classmethod
    def from_json(cls: type[_Self], text: str) -> _Self:
        """The model of a document that `to_json` wrote.

        Raises
        ------
        PolicyError
            A text that is no such document, with the byte offset.
        ArgumentError
            The document of another model.
        """
        self = cls()
        self._take(lib.patron_ltv_parse, *document_text(text))
        found = self._parameters()
        if found.model != self._kind:
            name = lib.patron_ltv_model_name(found.model).text()
            raise ArgumentError(f"the document is of the model {name}; use patron.ltv.from_json")
        self._unit = found.unit
        return self

    def to_json(self) -> str:
        """The model as a small JSON document: parameters, unit, and how the fit went."""
        return _native.buffer_text(lib.patron_ltv_to_json, self._open().pointer)

    def _fit(
        self: _Self,
        columns: Mapping[str, Any],
        penalty: float,
        threads: int | None,
        max_iterations: int,
        on_bad_row: str,
        progress: Callable[[float], object] | None,
    ) -> _Self:
        self._check_summary(columns)
        rows = _rows.open_rows(columns)
        options = _ffi.patron_ltv_fit_options.init()
        options.unit = self._unit
        options.columns = ctypes.addressof(rows.columns)
        options.penalty = _options.number("penalty", penalty)
        options.max_iterations = _options.whole("max_iterations", max_iterations)
        options.on_bad_row = _options.choose("on_bad_row", on_bad_row, _BAD_ROWS)
        options.threads = _options.threads(threads)
        watcher = Watcher(progress)
        watcher.attach(options)
        _watched(
            watcher,
            lambda: self._take(
                lib.patron_ltv_fit, rows.table.pointer, self._kind, ctypes.byref(options)
            ),
        )
        if not self.converged_:
            warnings.warn(self.message_, ConvergenceWarning, stacklevel=_caller_level())
        return self

    def _check_summary(self, given: Mapping[str, Any]) -> None:
        """Refuses a summary whose numbers mean something else than the model takes them for."""
        for summary in given.values():
            if isinstance(summary, SummaryResult) and summary.unit != self.unit:
                name = type(self).__name__
                raise ArgumentError(
                    f"the summary is in {summary.unit}s and this {name} in {self.unit}s; "
                    f"use {name}(unit={summary.unit!r}), or make the summary with unit={self.unit!r}"
                )

    def _take(self, function: Any, *args: Any) -> None:
        self._handle = _native.take(
            function, *args, out=_ffi.patron_ltv_p, close=lib.patron_ltv_close
        )
        self._report = None

    def _open(self) -> Handle:
        if self._handle is None:
            name = type(self).__name__
            raise StateError(f"this {name} has no parameters yet; fit it, or use from_params")
        return self._handle

    # -- What it is ----------------------------------------------------------------------------

    def _names(self) -> list[str]:
        names: list[str] = []
        while (name := lib.patron_ltv_parameter_name(self._kind, len(names))).data is not None:
            names.append(name.text())
        return names

    def _parameters(self) -> Any:
        found = _ffi.patron_ltv_parameters.init()
        _native.call(
            lib.patron_ltv_read_parameters, self._open().pointer, ctypes.byref(found)
        )
        return found

    def _fitted(self) -> Any:
        if self._report is None:
            report = _ffi.patron_ltv_report.init()
            _native.call(
                lib.patron_ltv_read_report, self._open().pointer, ctypes.byref(report)
            )
            self._report = report
        return self._report

    @property
    def params_(self) -> dict[str, float]:
        """The parameters, by the names of the papers."""
        return dict(zip(self._names(), self._parameters().values, strict=False))

    @property
    def log_likelihood_(self) -> float:
        """In the clock of the data, without the penalty."""
        return float(self._fitted().log_likelihood)

    @property
    def covariance_(self) -> list[list[float]]:
        """Of the parameters, in the order of `params_`."""
        values = list(self._fitted().covariance)
        size = len(self._names())
        return [values[4 * i : 4 * i + size] for i in range(size)]

    @property
    def standard_errors_(self) -> dict[str, float]:
        """Of each parameter."""
        return dict(zip(self._names(), self._fitted().standard_errors, strict=False))

    @property
    def converged_(self) -> bool:
        """Whether the fit is an optimum."""
        return bool(self._fitted().verdict == _ffi.PATRON_LTV_VERDICT_CONVERGED)

    @property
    def verdict_(self) -> str:
        """How the fit ended."""
        return _VERDICTS[self._fitted().verdict]

    @property
    def message_(self) -> str:
        """What the verdict means, and what to do."""
        text: str = self._fitted().message.text()
        return text

    @property
    def aic_(self) -> float:
        """Akaike's information criterion."""
        return float(self._fitted().aic)

    @property
    def bic_(self) -> float:
        """The Bayesian information criterion, with the number of customers."""
        return float(self._fitted().bic)

    @property
    def gradient_norm_(self) -> float:
        """The largest derivative by a log parameter, per customer."""
        return float(self._fitted().gradient_norm)

    @property
    def n_iterations_(self) -> int:
        """How many steps the fit took."""
        return int(self._fitted().iterations)

    @property
    def n_customers_(self) -> float:
        """The sum of the weights of the rows used."""
        return float(self._fitted().customers)

    @property
    def n_unique_(self) -> int:
        """How many distinct rows were used."""
        return int(self._fitted().unique_rows)

    @property
    def excluded_(self) -> Table:
        """The rows that the fit left out."""
        handle = _native.take_table(lib.patron_ltv_excluded, self._open().pointer)
        table: Table = Table._wrap(handle)
        return table

    def __reduce__(self) -> tuple[Any, ...]:
        if self._handle is None:
            return type(self), (self.unit,)
        return _restored, (type(self), self.to_json())

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """What the constructor takes, as scikit-learn asks for it; the fitted numbers are `params_`."""
        return {"unit": self.unit}

    def set_params(self: _Self, *, unit: str) -> _Self:
        """Sets the unit of a model that has no parameters yet.

        Raises
        ------
        StateError
            The model has parameters, which are in its unit.
        """
        if self._handle is not None:
            raise StateError("the parameters are in the unit of the model; make another model")
        self._unit = _options.choose("unit", unit, UNITS)
        return self

    def __repr__(self) -> str:
        name = f"patron.ltv.{type(self).__name__}"
        if self._handle is None:
            return f"{name}(unit={self.unit!r}, not fitted)"
        params = ", ".join(f"{name}={value:.6g}" for name, value in self.params_.items())
        return f"{name}(unit={self.unit!r}, {params})"

    # -- What it says --------------------------------------------------------------------------

    def _predict(
        self,
        quantity: int,
        given: Mapping[str, Any],
        *,
        horizon: float | None = None,
        count: int = 0,
        probability: float = 0.5,
        rate_per_year: float = 0.0,
        interval: str | None = None,
        level: float = 0.95,
        threads: int | None = None,
        on_bad_row: str = "raise",
    ) -> Any:
        """A float or Prediction for one or a new customer; a Column, or a Table with the interval."""
        keep: list[object] = []
        query = _ffi.patron_ltv_query.init()
        query.quantity = quantity
        query.horizon = _rows.horizon_pointer(horizon, keep)
        query.count = _options.whole("n", count, 2**63)
        query.probability = _options.number("probability", probability)
        query.rate_per_year = _options.number("rate_per_year", rate_per_year)
        set_interval(query, interval, level)
        new = all(value is None for value in given.values())
        customer = None if new else _rows.one_customer(given)
        if new or customer is not None:
            return self._predict_one(customer, query)
        return self._predict_rows(given, query, threads, on_bad_row)

    def _predict_one(self, customer: Any, query: Any) -> float | Prediction:
        found = _ffi.patron_ltv_prediction.init()
        _native.call(
            lib.patron_ltv_predict_one,
            self._open().pointer,
            None if customer is None else ctypes.byref(customer),
            ctypes.byref(query),
            ctypes.byref(found),
        )
        if query.interval == _ffi.PATRON_LTV_INTERVAL_NONE:
            return float(found.value)
        return Prediction(found.value, found.low, found.high)

    def _predict_rows(
        self, given: Mapping[str, Any], query: Any, threads: int | None, on_bad_row: str
    ) -> Column | Table:
        self._check_summary(given)
        rows = _rows.open_rows(given)
        options = _ffi.patron_ltv_predict_options.init()
        options.columns = ctypes.addressof(rows.columns)
        options.query = ctypes.addressof(query)
        options.threads = _options.threads(threads)
        options.on_bad_row = _options.choose("on_bad_row", on_bad_row, _BAD_ROWS)
        watcher = Watcher(None)
        watcher.attach(options)
        arguments = (self._open().pointer, rows.table.pointer, ctypes.byref(options))
        handle = _watched(watcher, lambda: _predicted(arguments))
        table: Table = Table._wrap(handle)
        return table["value"] if query.interval == _ffi.PATRON_LTV_INTERVAL_NONE else table

    def simulate(
        self,
        customers: int | None = None,
        *,
        T: Any = None,
        orders: Any = None,
        seed: int,
        events: bool = False,
        threads: int | None = None,
    ) -> Any:
        """Customers as the model says they are.

        Parameters
        ----------
        customers : int, optional
            How many; without it, as many as `T` or `orders` has.
        T : float or sequence of float
            How long each is observed, in the unit; contracts and BG/BB: whole.
        orders : sequence of int
            Gamma-Gamma: the repeat purchases of each.
        seed : int
            0 to 2**63 - 1. The same seed gives the same bytes everywhere.
        events : bool
            Give the purchases too.
        threads : int, optional
            One for each core where it is None.

        Returns
        -------
        Table, or (Table, Table) with `events`
            What `fit` reads, and ``alive``; and each repeat purchase: ``customer`` (its row), ``time``.

        Raises
        ------
        ArgumentError
            T or orders that are missing or out of their domain (with the customer), sizes that differ.
        """
        needed, given, what = ("T", T, "for how long customers are observed")
        if self._kind == _ffi.PATRON_LTV_MODEL_GAMMA_GAMMA:
            needed, given, what = ("orders", orders, "how many repeat purchases each customer has made")
        if given is None:
            raise ArgumentError(f"{needed} is missing; give {what}")
        options = _ffi.patron_ltv_simulation.init()
        keep: list[object] = []
        sizes: list[int] = []
        if T is not None and not _rows.is_number(T):
            ages = [_options.number("T", t) for t in _rows.listed("T", T)]
            options.T_each = _numbers(ctypes.c_double, ages, keep, sizes)
        elif T is not None:
            options.T = _options.number("T", T)
        if orders is not None:
            counts = [_options.whole("orders", n, 2**63) for n in _rows.listed("orders", orders)]
            options.orders_each = _numbers(ctypes.c_int64, counts, keep, sizes)
        if customers is not None:
            sizes.append(_options.whole("customers", customers, 2**63))
        if len(set(sizes)) != 1:
            raise ArgumentError("give customers, T for each or orders for each, of one length")
        if not 0 <= _options.whole("seed", seed, 2**63) < 2**63:
            raise ArgumentError(f"seed={seed!r}: give a whole number from 0 to 2**63 - 1")
        options.customers = sizes[0]
        options.seed = seed
        options.threads = _options.threads(threads)
        watcher = Watcher(None)
        watcher.attach(options)
        arguments = (self._open().pointer, ctypes.byref(options))
        found, purchases = _watched(watcher, lambda: _simulated(arguments, events))
        table: Table = Table._wrap(found)
        return (table, Table._wrap(purchases)) if purchases is not None else table


def _caller_level() -> int:
    """How many frames up a warning of our caller belongs: to the first that is not of this package."""
    package = __name__.partition(".")[0]
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] == package:
        frame, level = frame.f_back, level + 1
    return level


def _predicted(arguments: tuple[Any, ...], function: Any = None) -> Handle:
    """Calls a function whose last outputs are a table and the refused rows, which are left out."""
    out = _ffi.patron_table_p()
    call = lib.patron_ltv_predict if function is None else function
    _native.call(call, *arguments, ctypes.byref(out), None)
    return Handle(out, lib.patron_table_close)


def _simulated(arguments: tuple[Any, ...], events: bool) -> tuple[Handle, Handle | None]:
    customers, purchases = _ffi.patron_table_p(), _ffi.patron_table_p()
    wanted = ctypes.byref(purchases) if events else None
    _native.call(lib.patron_ltv_simulate, *arguments, ctypes.byref(customers), wanted)
    found = Handle(customers, lib.patron_table_close)
    return found, Handle(purchases, lib.patron_table_close) if events else None


def set_interval(asked: Any, interval: str | None, level: float) -> None:
    """Which interval a query or a value is asked for."""
    asked.level = _options.number("level", level)
    if interval is not None:
        asked.interval = _options.choose("interval", interval, _INTERVALS)
    elif asked.level != 0.95:
        raise ArgumentError(
            f"level={level!r} is of an interval, and none is asked for; give interval='confidence' or "
            "'prediction' too"
        )


def document_text(text: Any) -> Any:
    """Pointer and length of a document."""
    if not isinstance(text, str):
        raise ArgumentError(f"text={text!r:.60}: give the text that to_json wrote")
    return _native.text(text)


def _restored(kind: type[Model], text: str) -> Model:
    return kind.from_json(text)


_Found = TypeVar("_Found")


def _watched(watcher: Watcher, call: Callable[[], _Found]) -> _Found:
    """Calls, and raises what a callback or a signal raised meanwhile."""
    try:
        found = call()
    except CallbackError:
        if watcher.exception is None:
            raise
        raise watcher.exception from None
    if watcher.exception is not None:
        raise watcher.exception
    return found


def _numbers(kind: Any, values: list[Any], keep: list[object], sizes: list[int]) -> int:
    cells = (kind * len(values))(*values)
    keep.append(cells)
    sizes.append(len(values))
    return ctypes.addressof(cells)
