"""Values of the wrong kind, for every parameter of every function: an error of patron's, never a TypeError."""

import datetime as dt
import inspect

import pytest

import patron
from patron import ltv, weights

ORDERS = {"customer": [1, 2, 3], "time": ["2024-01-01"] * 3, "amount": [1.0, 2.0, 3.0]}

BG = ltv.BgNbd.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)

#: A call that works of each function. A new function gets its line here.
CALLS = {
    patron.rfm: {"orders": ORDERS, "customer": "customer", "time": "time", "amount": "amount"},
    patron.rank: {"values": [3, 1, 2], "share": 0.8},
    patron.segment_table: {"name_or_rows": "eleven"},
    patron.nps: {"scores": [9, 10, 3]},
    patron.csat: {"scores": [1, 2, 5]},
    patron.ces: {"scores": [1, 2, 5]},
    patron.nps_difference: {"a": [9, 10, 3], "b": [9, 2, 3]},
    ltv.summary: {"orders": ORDERS, "customer": "customer", "time": "time", "amount": "amount"},
    ltv.historic: {"orders": ORDERS, "customer": "customer", "time": "time", "amount": "amount"},
    ltv.plain: {"annual_spend": [240, 100], "years": [5, 2]},
    ltv.value: {
        "model": BG,
        "spend": ltv.GammaGamma.from_params(p=6.25, q=3.74, v=15.44),
        "frequency": [2, 0],
        "recency": [30.0, 0.0],
        "T": [38.0, 12.0],
        "monetary": [40.0, 0.0],
        "rate_per_year": 0.1,
        "horizon": 52,
    },
    ltv.from_json: {"text": BG.to_json()},
    weights.manual: {"values": [1, 2]},
    weights.ahp: {"comparisons": [[1, 2], [0.5, 1]]},
    weights.entropy: {"data": {"a": [1, 2], "b": [2, 4]}, "benefit": "a"},
}


class Odd:
    pass


WRONG = [
    None,
    True,
    5,
    -1,
    2.5,
    float("nan"),
    10**30,
    1j,
    "x",
    "",
    b"x",
    [],
    [None],
    [[]],
    [1, "a"],
    ["a", 1],
    [object()],
    {},
    {1: 2},
    {"a": object()},
    {1, 2},
    (),
    range(3),
    iter([1]),
    object(),
    Odd(),
    Odd,
    dt.date(2024, 1, 1),
    dt.datetime(2024, 1, 1),
    dt.timedelta(1),
    ...,
]


def test_every_function_has_a_call():
    modules = [patron, ltv, weights]
    functions = {f for m in modules for n in m.__all__ if inspect.isfunction(f := getattr(m, n))}
    assert functions == set(CALLS)


@pytest.mark.parametrize(
    ("function", "parameter"),
    [(f, p) for f in CALLS for p in inspect.signature(f).parameters],
    ids=lambda x: x if isinstance(x, str) else x.__name__,
)
def test_a_wrong_value_is_refused_as_patron_refuses(function, parameter):
    given = dict(CALLS[function])
    given.setdefault(parameter, inspect.signature(function).parameters[parameter].default)
    function(**given)
    for value in WRONG:
        if parameter == "progress" and callable(value):
            continue  # what a callback raises comes out of the call as it is
        try:
            function(**{**given, parameter: value})
        except patron.Error as error:
            assert str(error)
