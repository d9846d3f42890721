"""Weights: how much each criterion of a combined score counts.

Given by hand (`manual`), judged by comparing two criteria at a time (`ahp`), or found in the data
(`entropy`). Each gives `Weights`: one float for each criterion, none negative, adding up to 1.

>>> from patron import weights
>>> weights.manual({"recency": 2, "frequency": 1, "monetary": 1})
patron.Weights(recency=0.5, frequency=0.25, monetary=0.25)
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

from . import _ffi, _inputs, _native, _options
from ._native import lib
from .errors import ArgumentError

__all__ = ["AhpWeights", "Comparison", "EntropyWeights", "Weights", "ahp", "entropy", "manual"]

_SCALINGS = {"min_max": _ffi.PATRON_SCALING_MIN_MAX, "share": _ffi.PATRON_SCALING_SHARE}
_NULL_ROWS = {"raise": _ffi.PATRON_NULL_ROWS_REFUSE, "skip": _ffi.PATRON_NULL_ROWS_LEAVE_OUT}

_AnyWeights = TypeVar("_AnyWeights", bound="Weights")


class Weights(tuple[float, ...]):
    """One weight for each criterion, adding up to 1: a tuple that knows the names.

    Attributes
    ----------
    names : tuple of str
        What the criteria are called; empty where they have no names.
    """

    names: tuple[str, ...]

    def __new__(
        cls: type[_AnyWeights], values: Iterable[float], names: Iterable[str] = ()
    ) -> _AnyWeights:
        made = super().__new__(cls, values)
        made.names = tuple(names)
        return made

    def to_dict(self) -> dict[str, float]:
        """The weights by the names of their criteria."""
        if not self.names:
            raise ArgumentError("these weights have no names; give names, or take them as a tuple")
        return dict(zip(self.names, self, strict=True))

    def __repr__(self) -> str:
        named = zip(self.names, self, strict=True)
        parts = [f"{name}={value}" for name, value in named] if self.names else map(str, self)
        return f"patron.{type(self).__name__}({', '.join(parts)})"


class Comparison(NamedTuple):
    """One comparison beside what the others say about it."""

    row: int
    column: int
    given: float
    implied: float


class AhpWeights(Weights):
    """What `ahp` gives: the weights, and how well the comparisons agree.

    Attributes
    ----------
    lambda_max : float
        The principal eigenvalue: the number of criteria n, or more.
    consistency_index : float
        (lambda_max - n) / (n - 1).
    random_index : float
        The mean consistency index of random comparisons of n criteria (Saaty 1980).
    consistency_ratio : float
        consistency_index / random_index; 0 for one or two criteria.
    worst : Comparison or None
        The comparison that stands most against the others, given as 1 or more, and what they imply: the
        geometric mean of the detours by every other criterion. None for one or two criteria.
    """

    lambda_max: float
    consistency_index: float
    random_index: float
    consistency_ratio: float
    worst: Comparison | None


class EntropyWeights(Weights):
    """What `entropy` gives: the weights, and the entropy of each column.

    Attributes
    ----------
    entropies : tuple of float
        In [0, 1]: 1 where all values of a column are equal.
    """

    entropies: tuple[float, ...]


def manual(values: Mapping[str, float] | Iterable[float]) -> Weights:
    """Weights that you give, divided by their sum.

    Parameters
    ----------
    values : mapping of str to number, or sequence of numbers
        0 or more, not all 0; a Series of pandas too. Weights that add up to 1 come back as they are.

    Returns
    -------
    Weights

    Raises
    ------
    ArgumentError
        A weight that is negative, with its number; all zero; no number.
    DataError
        No weights, or one that is NaN or infinite.

    Examples
    --------
    >>> from patron import weights
    >>> weights.manual([50, 30, 20])
    patron.Weights(0.5, 0.3, 0.2)
    """
    names, listed = _named(values)
    given = _doubles(listed, "weights")
    out = (ctypes.c_double * len(given))()
    _native.call(lib.patron_weights_manual, given, len(given), out)
    return Weights(out, names)


def ahp(
    comparisons: Any, names: Sequence[str] | None = None, *, max_consistency_ratio: float = 0.1
) -> AhpWeights:
    """Weights from comparisons of two criteria at a time (Saaty's analytic hierarchy process).

    Parameters
    ----------
    comparisons : square matrix, shape (n, n), n from 1 to 15
        Row i, column j: how many times as important criterion i is as criterion j, 1 to 9 as a rule, and
        one over that the other way round. A list of lists, a NumPy array, or a DataFrame, whose columns
        name the criteria.
    names : sequence of str, optional
        What the criteria are called.
    max_consistency_ratio : float
        Comparisons that contradict one another more are refused; ``float("inf")`` takes all.

    Returns
    -------
    AhpWeights

    Raises
    ------
    ArgumentError
        A consistency ratio above the limit, with the comparison to judge again; a number outside
        [1/100, 100]; a pair that does not multiply to 1 within 0.05.
    DataError
        No square matrix, names of another number, NaN or infinity.
    ResourceError
        More than 15 criteria.

    Examples
    --------
    >>> from patron import weights
    >>> judged = weights.ahp([[1, 2, 6], [1/2, 1, 2], [1/6, 1/2, 1]])
    >>> [round(w, 3) for w in judged], round(judged.consistency_ratio, 3)
    ([0.614, 0.268, 0.117], 0.016)
    >>> judged.worst.given, round(judged.worst.implied, 3)
    (2.0, 3.0)
    """
    rows, found_names = _matrix(comparisons)
    names = found_names if names is None else _names(names)
    numbers = _doubles([value for row in rows for value in row], "comparisons")
    for i, row in enumerate(rows):
        if len(row) != len(rows):
            raise ArgumentError(
                f"comparisons, row {i}: {len(row)} numbers in a matrix of {len(rows)} rows; give a square"
            )
    options = _ffi.patron_ahp_options.init()
    options.max_consistency_ratio = _options.number("max_consistency_ratio", max_consistency_ratio)
    keep: list[object] = []
    options.names, options.name_count = _options.texts(names, keep)
    out = (ctypes.c_double * len(rows))()
    consistency = _ffi.patron_ahp_consistency.init()
    _native.call(
        lib.patron_weights_ahp, numbers, len(rows), ctypes.byref(options), out, ctypes.byref(consistency)
    )
    result = AhpWeights(out, names)
    result.lambda_max = consistency.lambda_max
    result.consistency_index = consistency.consistency_index
    result.random_index = consistency.random_index
    result.consistency_ratio = consistency.consistency_ratio
    worst = Comparison(
        consistency.worst_row, consistency.worst_column, consistency.given, consistency.implied
    )
    result.worst = worst if worst.row >= 0 else None
    return result


def entropy(
    data: Any,
    *,
    benefit: str | Sequence[str] = (),
    cost: str | Sequence[str] = (),
    scaling: Literal["min_max", "share"] = "min_max",
    on_null: Literal["raise", "skip"] = "raise",
) -> EntropyWeights:
    """Weights from how unevenly each column is spread over the rows (entropy weight method).

    Parameters
    ----------
    data : table
        A DataFrame, anything that speaks Arrow, or a mapping from column names to arrays or lists.
    benefit : str or sequence of str
        Columns of numbers where more is better.
    cost : str or sequence of str
        Columns of numbers where less is better.
    scaling : {"min_max", "share"}
        ``"min_max"`` scales each column to [0, 1] by its range and turns costs around. ``"share"`` takes
        the values as they are, 0 or more, and knows no costs.
    on_null : {"raise", "skip"}
        Whether a null in one of the columns is an error, or its row is left out for all of them: customers
        with refunds alone have no recency, for one.

    Returns
    -------
    EntropyWeights
        Those of `benefit` first, then those of `cost`.

    Raises
    ------
    ArgumentError
        A column without a range (``"min_max"``); a negative value, only zeros, or a cost (``"share"``);
        no spread in any column; a column named twice.
    DataError
        No columns, no such column, no numbers; fewer than two rows; NaN, infinity, or (with
        ``on_null="raise"``) null, with the row.

    Examples
    --------
    >>> from patron import weights
    >>> customers = {"days": [5, 40, 200, 90], "orders": [9, 3, 1, 2]}
    >>> found = weights.entropy(customers, benefit="orders", cost="days")
    >>> found.names, [round(w, 3) for w in found]
    (('orders', 'days'), [0.666, 0.334])
    """
    benefits, costs = _options.columns("benefit", benefit), _options.columns("cost", cost)
    names = benefits + costs
    if not names:
        raise ArgumentError('name the columns: benefit=["orders"], cost=["days"]')
    table = _inputs.open_table(data, dict.fromkeys(names, "amount"))
    directions = (ctypes.c_int32 * len(names))(
        *[_ffi.PATRON_DIRECTION_BENEFIT] * len(benefits), *[_ffi.PATRON_DIRECTION_COST] * len(costs)
    )
    options = _ffi.patron_entropy_options.init()
    keep: list[object] = []
    options.scaling = _options.choose("scaling", scaling, _SCALINGS)
    options.null_rows = _options.choose("on_null", on_null, _NULL_ROWS)
    options.columns, options.column_count = _options.texts(names, keep)
    options.directions = _options.address(directions, keep)
    out, entropies = (ctypes.c_double * len(names))(), (ctypes.c_double * len(names))()
    _native.call(
        lib.patron_weights_entropy, table.pointer, ctypes.byref(options), out, entropies
    )
    result = EntropyWeights(out, names)
    result.entropies = tuple(entropies)
    return result


def _named(values: Any) -> tuple[list[str], list[Any]]:
    """The names and the values of a mapping, a Series, or a sequence, which has no names."""
    if hasattr(values, "items"):
        pairs = list(values.items())
        named = all(isinstance(name, str) for name, _ in pairs)
        return [name for name, _ in pairs] if named else [], [value for _, value in pairs]
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise ArgumentError(f"weights are {values!r:.60}; give a mapping or a sequence of numbers")
    return [], list(values)


def _matrix(comparisons: Any) -> tuple[list[list[Any]], list[str]]:
    """The rows of a matrix, and the names of its columns where it has some."""
    names: list[str] = []
    if hasattr(comparisons, "to_numpy") and hasattr(comparisons, "columns"):
        names = [name for name in comparisons.columns if isinstance(name, str)]
        comparisons = comparisons.to_numpy()
    try:
        rows = [list(row) for row in comparisons]
    except TypeError:
        raise ArgumentError(
            f"comparisons are {comparisons!r:.60}; give a square matrix, such as [[1, 3], [1/3, 1]]"
        ) from None
    return rows, names if len(names) == len(rows) else []


def _names(names: Any) -> list[str]:
    listed = list(names) if isinstance(names, Iterable) and not isinstance(names, str) else None
    if listed is None or not all(isinstance(name, str) for name in listed):
        raise ArgumentError(f"names={names!r:.60}: give a str for each criterion")
    return listed


def _doubles(values: Sequence[Any], name: str) -> Any:
    return (ctypes.c_double * len(values))(
        *(_options.number(f"{name}/{i}", value) for i, value in enumerate(values))
    )
