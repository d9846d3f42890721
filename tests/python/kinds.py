"""The same orders in every form a caller may have them, as far as this environment has the libraries."""

import array
import datetime as dt
import importlib.util
from decimal import Decimal

IDS = [7, 8, 7, 9, 8, 7, 10, 9]
NAMES = ["ann", "bob", "ann", "çem", "bob", "ann", "duo", "çem"]
TIMES = [
    dt.datetime(2026, 1, 5, 9, 30),
    dt.datetime(2026, 1, 20, 23, 59, 59, 999999),
    dt.datetime(2026, 2, 10),
    dt.datetime(2026, 2, 11, 0, 0, 1),
    dt.datetime(2026, 2, 11, 12),
    dt.datetime(2026, 2, 11, 18, 45),
    dt.datetime(2025, 12, 31, 8),
    dt.datetime(2026, 2, 12, 7),
]
AMOUNTS = [20.0, 12.25, 35.5, 80.0, 3.1, -5.5, 44.0, 0.0]


def have(*names):
    """Whether all these libraries are installed here."""
    return all(importlib.util.find_spec(name) is not None for name in names)


def lists(ids):
    return {"id": list(ids), "at": list(TIMES), "paid": list(AMOUNTS)}


def tuples(ids):
    return {name: tuple(values) for name, values in lists(ids).items()}


def text_times(ids):
    return {**lists(ids), "at": [t.isoformat() for t in TIMES]}


def utc_times(ids):
    return {**lists(ids), "at": [t.replace(tzinfo=dt.timezone.utc) for t in TIMES]}


def shanghai_times(ids):
    zone = dt.timezone(dt.timedelta(hours=8))
    return {**lists(ids), "at": [t.replace(tzinfo=dt.timezone.utc).astimezone(zone) for t in TIMES]}


def decimals(ids):
    return {**lists(ids), "paid": [Decimal(str(a)) for a in AMOUNTS]}


def byte_strings(ids):
    return {**lists(ids), "id": [i.encode() if isinstance(i, str) else i for i in ids]}


def arrays(ids):
    whole = array.array("q", ids) if isinstance(ids[0], int) else ids
    return {**lists(ids), "id": whole, "paid": array.array("d", AMOUNTS)}


def foreign(ids):
    """An object of no known library that speaks Arrow: here, patron's own table behind a wall."""
    import patron
    from patron import _inputs

    class Foreign:
        def __init__(self):
            data = lists(ids)
            roles = {"id": "id", "at": "time", "paid": "amount"}
            self.table = patron.Table._wrap(_inputs.open_table(data, roles))

        def __arrow_c_stream__(self, requested_schema=None):
            return self.table.__arrow_c_stream__(requested_schema)

    return Foreign()


# -- NumPy -------------------------------------------------------------------------------------------


def numpy_arrays(ids, unit="us"):
    import numpy as np

    return {
        "id": np.array(ids),
        "at": np.array(TIMES, dtype=f"M8[{unit}]"),
        "paid": np.array(AMOUNTS),
    }


def numpy_objects(ids):
    import numpy as np

    return {name: np.array(values, dtype=object) for name, values in lists(ids).items()}


def numpy_nanoseconds(ids):
    return numpy_arrays(ids, "ns")


def numpy_strided(ids):
    import numpy as np

    doubled = {name: np.repeat(values, 2) for name, values in numpy_arrays(ids).items()}
    return {name: values[::2] for name, values in doubled.items()}


def numpy_reversed_twice(ids):
    return {name: values[::-1].copy()[::-1] for name, values in numpy_arrays(ids).items()}


def numpy_big_endian(ids):
    swapped = numpy_arrays(ids)
    return {
        name: values if values.dtype.kind == "U" else values.astype(values.dtype.newbyteorder(">"))
        for name, values in swapped.items()
    }


def numpy_small_ints(ids):
    import numpy as np

    data = numpy_arrays(ids)
    if isinstance(ids[0], int):
        data["id"] = data["id"].astype("u2")
    return {**data, "at": [np.datetime64(t) for t in TIMES]}


def numpy_float_ids(ids):
    import numpy as np

    return {**numpy_arrays(ids), "id": np.array(ids, dtype=float if isinstance(ids[0], int) else str)}


# -- pandas ------------------------------------------------------------------------------------------


def pandas_frame(ids):
    import pandas as pd

    return pd.DataFrame(lists(ids)).assign(unused="x")


def pandas_zone(ids):
    frame = pandas_frame(ids)
    return frame.assign(at=frame["at"].dt.tz_localize("UTC").dt.tz_convert("Asia/Shanghai"))


def pandas_nullable(ids):
    frame = pandas_frame(ids)
    kind = "Int64" if isinstance(ids[0], int) else "string"
    return frame.assign(id=frame["id"].astype(kind), paid=frame["paid"].astype("Float64"))


def pandas_categories(ids):
    frame = pandas_frame(ids)
    return frame.assign(id=frame["id"].astype("category"), at=frame["at"].astype("category"))


def pandas_objects(ids):
    return pandas_frame(ids).astype(object)


def pandas_sliced(ids):
    import pandas as pd

    frame = pandas_frame(ids)
    return pd.concat([frame, frame])[: len(ids)]


def pandas_arrow(ids):
    return pandas_frame(ids).convert_dtypes(dtype_backend="pyarrow")


def dict_of_series(ids):
    frame = pandas_frame(ids)
    return {name: frame[name] for name in frame}


# -- Polars ------------------------------------------------------------------------------------------


def polars_frame(ids):
    import polars as pl

    return pl.DataFrame(lists(ids)).with_columns(unused=pl.lit("x"))


def polars_lazy(ids):
    return polars_frame(ids).lazy()


def polars_categories(ids):
    import polars as pl

    frame = polars_frame(ids)
    return frame.with_columns(pl.col("id").cast(pl.Categorical)) if isinstance(ids[0], str) else frame


def polars_chunks(ids):
    import polars as pl

    frame = polars_frame(ids)
    return pl.concat([frame[:3], frame[3:4], frame[4:]], rechunk=False)


def polars_decimal(ids):
    import polars as pl

    return polars_frame(ids).with_columns(pl.col("paid").cast(pl.Decimal(18, 4)))


def dict_of_polars(ids):
    return {s.name: s for s in polars_chunks(ids)}


# -- pyarrow -----------------------------------------------------------------------------------------


def arrow_table(ids):
    import pyarrow as pa

    return pa.table({**lists(ids), "unused": [[1]] * len(ids)})


def arrow_batch(ids):
    return arrow_table(ids).to_batches()[0]


def arrow_reader(ids):
    return arrow_table(ids).drop_columns(["unused"]).to_reader(max_chunksize=3)


def arrow_chunks(ids):
    import pyarrow as pa

    table = arrow_table(ids)
    return pa.concat_tables([table[:1], table[1:5], table[5:5], table[5:]])


def arrow_types(ids):
    import pyarrow as pa

    table = arrow_table(ids)
    if isinstance(ids[0], str):
        table = table.set_column(0, "id", table["id"].cast(pa.string_view()))
    else:
        table = table.set_column(0, "id", table["id"].cast(pa.uint32()).dictionary_encode())
    table = table.set_column(1, "at", table["at"].cast(pa.timestamp("ns", "UTC")))
    return table.set_column(2, "paid", table["paid"].cast(pa.decimal128(20, 3)))


def dict_of_arrow(ids):
    table = arrow_chunks(ids)
    return {name: table[name] for name in table.column_names}


def dict_of_everything(ids):
    import numpy as np
    import polars as pl
    import pyarrow as pa

    times = pa.array(TIMES)
    return {"id": pl.Series(ids), "at": times, "paid": np.array(AMOUNTS)}


# -- DuckDB ------------------------------------------------------------------------------------------


def duckdb_relation(ids):
    import duckdb

    quote = (lambda v: f"'{v}'") if isinstance(ids[0], str) else str
    rows = ", ".join(
        f"({quote(i)}, TIMESTAMP '{t.isoformat(' ')}', {a}::DOUBLE, 'x')"
        for i, t, a in zip(ids, TIMES, AMOUNTS)
    )
    return duckdb.connect().sql(f"SELECT * FROM (VALUES {rows}) AS t(id, \"at\", paid, unused)")


KINDS = {
    (): [lists, tuples, text_times, utc_times, shanghai_times, decimals, byte_strings, arrays, foreign],
    ("numpy",): [
        numpy_arrays,
        numpy_objects,
        numpy_nanoseconds,
        numpy_strided,
        numpy_reversed_twice,
        numpy_big_endian,
        numpy_small_ints,
        numpy_float_ids,
    ],
    ("pandas",): [
        pandas_frame,
        pandas_zone,
        pandas_nullable,
        pandas_categories,
        pandas_objects,
        pandas_sliced,
        dict_of_series,
    ],
    ("pandas", "pyarrow"): [pandas_arrow],
    ("polars",): [polars_frame, polars_lazy, polars_categories, polars_chunks, polars_decimal, dict_of_polars],
    ("pyarrow",): [arrow_table, arrow_batch, arrow_reader, arrow_chunks, arrow_types, dict_of_arrow],
    ("numpy", "polars", "pyarrow"): [dict_of_everything],
    ("duckdb",): [duckdb_relation],
}


def installed():
    """Every form that this environment can make."""
    return [make for libraries, makes in KINDS.items() if have(*libraries) for make in makes]
