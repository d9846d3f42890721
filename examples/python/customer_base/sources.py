"""The orders that the demo takes when the user gives none.

The CDNOW log (69,659 orders of a music shop, 1997 and 1998) is in the PyPI package `lifetimes`. Its wheel
is fetched once, checked, and read as the archive that it is; nothing of it is imported or run.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl

from .orders import Orders, read

WHEEL = "Lifetimes-0.11.3-py3-none-any.whl"
SHA256 = "261e3dc89977c2b60767ca6728aaa29d429de0c814635070a749c36555895da8"
MEMBER = "lifetimes/datasets/CDNOW_master.txt"
TITLE = "CDNOW"


class NotThere(Exception):
    """A source that cannot be had, and why."""


def default_orders(cache: Path, beside: Path) -> tuple[Orders, list[str]]:
    """The CDNOW log, else a simulated one; and what to tell the user about where it comes from."""
    remarks: list[str] = []
    try:
        return from_wheel(fetch(cache)), remarks
    except NotThere as why:
        remarks.append(str(why))
    try:
        return from_folder(beside), remarks
    except NotThere as why:
        remarks.append(str(why))
    remarks.append("The CDNOW orders cannot be had here, so these are SIMULATED orders of 2,000 customers.")
    return simulated(), remarks


def fetch(cache: Path) -> Path:
    """The wheel in the cache folder, fetched with pip where it is not there yet."""
    path = cache / WHEEL
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        print("Fetching the CDNOW orders: the wheel of lifetimes 0.11.3, as data ...", flush=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps"]
        command += ["--only-binary", ":all:", "--timeout", "15", "--retries", "1"]
        done = subprocess.run(
            [*command, "--dest", str(cache), "lifetimes==0.11.3"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )
        if done.returncode != 0 or not path.is_file():
            raise NotThere("The package lifetimes could not be fetched with pip (no network?).")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256:
        path.unlink()
        raise NotThere(f"{WHEEL} is not the file that was expected: its SHA-256 is {found}. It was deleted.")
    return path


def from_wheel(path: Path) -> Orders:
    """Reads the master file: lines of customer, date (yyyymmdd), number of CDs, dollars."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(MEMBER).decode("ascii")
    rows = [line.split() for line in text.splitlines()[1:] if line.strip()]
    frame = pl.DataFrame(
        {
            "customer": [int(row[0]) for row in rows],
            "time": [dt.date(int(r[1][:4]), int(r[1][4:6]), int(r[1][6:])) for r in rows],
            "amount": [float(row[3]) for row in rows],
        }
    )
    return Orders(frame, TITLE, "customer, date, dollar_value", "USD")


def from_folder(path: Path) -> Orders:
    """The same log as a CSV file beside the project."""
    if not path.is_file():
        raise NotThere("There is no copy of them beside the project either.")
    orders = read(path, currency="USD")
    return Orders(orders.frame, TITLE, orders.columns, "USD")


def simulated(customers: int = 2000, seed: int = 20260101) -> Orders:
    """Orders of customers who buy at a rate of their own, and leave at a rate of their own."""
    chance = random.Random(seed)
    first_day, days = dt.date(2024, 1, 1), 730
    rows: list[tuple[int, dt.date, float]] = []
    for customer in range(1, customers + 1):
        per_day = chance.gammavariate(0.6, 1 / 40)
        until = chance.expovariate(chance.gammavariate(0.8, 1 / 250) + 1e-4)
        taste = chance.lognormvariate(3.4, 0.6)
        born = day = chance.uniform(0, days * 0.9)
        while day < min(days, born + until) or day == born:
            amount = round(taste * chance.lognormvariate(0, 0.35), 2)
            rows.append((customer, first_day + dt.timedelta(int(day)), amount))
            day += chance.expovariate(per_day + 1e-5)
    frame = pl.DataFrame(rows, schema=["customer", "time", "amount"], orient="row")
    return Orders(frame, "simulated", "customer, time, amount", "USD")
