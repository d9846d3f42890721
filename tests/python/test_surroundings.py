"""Locale, time zone and environment of the process change no byte of what Python gets."""

import os
import subprocess
import sys

import pytest

SCRIPT = """
import locale
import sys

locale.setlocale(locale.LC_ALL, "")
import patron

print(locale.localeconv()["decimal_point"], file=sys.stderr)
orders = {
    "customer": ["\\u0130pek", "ILIK", "\\u0130pek", "ilik", "J\\u00fcrgen"],
    "date": ["2026-03-29T02:30", "2026-01-05", "1999-12-31", "2026-02-03 23:59:59.5", "2025-07-01"],
    "amount": [1234567.5, 0.07, 75.125, -3.3, 1e6],
}
scored = patron.rfm(orders, customer="customer", time="date", amount="amount", timezone="Europe/Istanbul",
                    as_of="2026-04-01", window="18mo")
for name in scored:
    print(name, scored[name].type, list(scored[name]))
print(scored.cuts.to_json(), scored)
print(patron.rank(scored["monetary"], top_percent=(12.5, 50.0)).to_dict())
for bad in ({"time": "Date"}, {"timezone": "europe/istanbul"}, {"as_of": "31.12.2026"}, {"window": "1,5y"}):
    try:
        patron.rfm(orders, **{"customer": "customer", "time": "date", "amount": "amount", **bad})
    except patron.Error as error:
        print(type(error).__name__, error)
try:
    patron.segment_table([{"name": "all", "fm": [1.5, "2,5"]}])
except patron.Error as error:
    print(type(error).__name__, error)
"""


def said(**environment):
    """What the script prints in that environment, and the decimal point it found there."""
    surroundings = {name: value for name, value in os.environ.items()
                    if not name.startswith("LC_") and name not in ("LANG", "LANGUAGE", "TZ", "TZDIR")}
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", SCRIPT], capture_output=True, check=False,
                          env={**surroundings, **environment})
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout, done.stderr.decode().strip()


@pytest.fixture(scope="module")
def plain():
    output, point = said(LC_ALL="C.UTF-8")
    assert point == "." and len(output) > 500
    return output


@pytest.mark.parametrize("name", ["de_DE", "tr_TR"])
def test_a_locale_changes_no_byte(name, plain, tmp_path):
    subprocess.run(["localedef", "-i", name, "-f", "UTF-8", str(tmp_path / f"{name}.UTF-8")], check=True)
    output, point = said(LC_ALL=f"{name}.UTF-8", LOCPATH=str(tmp_path))
    assert point == ","
    assert output == plain


@pytest.mark.parametrize("zone", ["Asia/Tokyo", ":/nonexistent", "garbage", ""])
def test_the_time_zone_of_the_process_changes_no_byte(zone, plain):
    assert said(LC_ALL="C.UTF-8", TZ=zone, TZDIR="/nonexistent")[0] == plain
