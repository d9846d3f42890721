"""pandas columns to columns, with and without pyarrow, for pandas 2 and 3.

A DataFrame is read column by column rather than through its own Arrow export, which needs pyarrow and
copies. pandas is never imported here.
"""

from __future__ import annotations

import sys
from typing import Any

from . import _numpy
from ._arrow_column import column_from_arrow
from ._types import Column, Type


def column_from_pandas(name: str, series: Any, role: str) -> Column:
    """A column from a Series or Index of any dtype."""
    dtype = series.dtype
    kind = type(dtype).__name__
    if kind == "CategoricalDtype":
        return _categorical(name, series, role)
    if kind == "DatetimeTZDtype":
        column = _numpy.column_from_numpy(
            name, series.to_numpy(dtype=f"datetime64[{dtype.unit}]"), role
        )
        column.zone = "UTC"
        return column
    if kind in ("ArrowDtype", "StringDtype") and hasattr(series.array, "__arrow_array__"):
        if kind == "ArrowDtype" or "pyarrow" in str(getattr(dtype, "storage", "")):
            return column_from_arrow(name, series.array.__arrow_array__(), role)
    if _is_numpy_dtype(dtype):
        return _numpy.column_from_numpy(name, series.to_numpy(), role)
    inner = getattr(dtype, "numpy_dtype", None)
    if inner is not None and inner.kind in "iufb":
        present = ~series.isna().to_numpy() if hasattr(series.isna(), "to_numpy") else ~series.isna()
        filled = series.array.to_numpy(dtype=inner, na_value=inner.type(0))
        return _numpy.column_from_numpy(name, filled, role, present)
    return _numpy.column_from_any_list(name, series.tolist(), role)


def _is_numpy_dtype(dtype: Any) -> bool:
    return isinstance(dtype, sys.modules["numpy"].dtype)


def _categorical(name: str, series: Any, role: str) -> Column:
    """Categories as the dictionary of the column, their codes as its indices."""
    numpy = sys.modules["numpy"]
    values = series.array if hasattr(series, "array") else series
    words = column_from_pandas(name, values.categories, role)
    if words.type not in (Type.LARGE_STRING, Type.STRING, Type.STRING_VIEW, Type.INT64):
        return column_from_pandas(name, series.astype(values.categories.dtype), role)
    codes = numpy.ascontiguousarray(values.codes)
    missing = codes < 0
    column = _numpy.column_from_numpy(name, numpy.where(missing, 0, codes), "any", ~missing)
    column.index, column.type, column.dictionary = column.type, Type.DICTIONARY, words
    return column
