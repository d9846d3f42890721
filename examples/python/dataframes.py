"""The same call for pandas, Polars, pyarrow and DuckDB: whichever of them is installed here."""

import importlib.util

import patron

ROWS = {"customer": [7, 8, 7], "date": ["2026-01-05", "2026-01-20", "2026-02-10"], "paid": [20.0, 12.0, 35.5]}


def score(orders):
    return patron.rfm(orders, customer="customer", time="date", amount="paid")


print(score(ROWS)["monetary"].to_list())

if importlib.util.find_spec("pandas"):
    import pandas

    print(score(pandas.DataFrame(ROWS)).to_pandas()[["customer", "monetary", "segment"]])

if importlib.util.find_spec("polars"):
    import polars

    print(score(polars.DataFrame(ROWS)).to_polars().select("customer", "monetary", "segment"))

if importlib.util.find_spec("pyarrow"):
    import pyarrow

    print(score(pyarrow.table(ROWS)).to_arrow().select(["customer", "monetary"]))

if importlib.util.find_spec("duckdb") and importlib.util.find_spec("pyarrow"):
    import duckdb

    result = score(duckdb.sql("SELECT 7 AS customer, DATE '2026-01-05' AS date, 20.0 AS paid"))
    print(duckdb.sql("SELECT customer, monetary, segment FROM result"))
