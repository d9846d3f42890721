"""Values of the wrong kind, for every parameter of every function: an error of patron's, never a TypeError."""

import datetime as dt
import inspect
import io

import pytest

import patron
from patron import ltv, weights

ORDERS = {"customer": [1, 2, 3], "time": ["2024-01-01"] * 3, "amount": [1.0, 2.0, 3.0]}

BG = ltv.BgNbd.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)

LIVE = {
    "patron": 1,
    "name": "shop",
    "streams": {"orders": {"key": "order_id"}},
    "attributes": {"vip": {"type": "bool"}},
    "classifications": [
        {"name": "tier", "kind": "ladder", "classes": [{"name": "gold", "enter": "vip"}, {"name": "guest"}]}
    ],
}

RANKED = {
    "patron": 1,
    "name": "ranked",
    "identities": {"keys": ["phone"]},
    "streams": {"orders": {"key": "order_id"}},
    "attributes": {"vip": {"type": "bool"}},
    "tags": [{"name": "n", "metric": {"count": "orders"}}],
    "classifications": [
        {"name": "tier", "kind": "rank", "by": "n", "classes": [{"name": "A", "share": 0.8}, {"name": "B"}]}
    ],
    "calibrate": {"min_customers": 1},
}


def living():
    engine = patron.Engine(RANKED)
    order = {"customer": ["a"], "time": ["2024-01-01"], "amount": [1], "order_id": ["o"]}
    engine.ingest("orders", order, now="2024-02-01")
    engine.override("a", "tier", "hold")
    return engine


def saved():
    file = io.BytesIO()
    living().save(file)
    return file.getvalue()


SAVED = saved()
LEARNED = living().summary_for_merge()

#: A call that works of each method of an engine.
ENGINE_CALLS = {
    "ingest": {
        "stream": "orders",
        "table": {"customer": ["a"], "time": ["2024-01-01"], "amount": [1], "order_id": ["o"]},
    },
    "set_attributes": {"table": {"customer": ["a"], "vip": [True]}},
    "delete": {"stream": "orders", "keys": {"customer": ["a"], "order_id": ["x"]}},
    "advance": {"now": "2024-03-01"},
    "transitions": {},
    "history": {"customer": "a"},
    "classes": {},
    "profiles": {},
    "profile": {"customer": "a"},
    "calibrate": {},
    "summary_for_merge": {},
    "learn": {"summary": LEARNED},
    "distribution": {"classification": "tier", "at": "2024-01-15"},
    "forecast": {"until": "9000-01-01"},
    "link": {"table": {"first": ["a"], "second": ["b"]}},
    "unlink": {"table": {"first": ["a"], "second": ["b"]}},
    "claim": {"table": {"customer": ["a"], "phone": ["+4930123"]}},
    "key_meetings": {},
    "customer_of": {"customer": "a"},
    "identities": {"ids": ["a", "x"]},
    "forget": {"customer": "x"},
    "override": {
        "customer": "a",
        "classification": "tier",
        "kind": "pin",
        "value": "B",
        "reason": "a friend",
        "author": "kim",
        "until": "9000-01-01",
        "at": "2024-02-02",
    },
    "clear_override": {"customer": "a", "classification": "tier", "kind": "hold"},
    "overrides": {"customer": "a"},
    "history_table": {},
    "calibrations": {},
    "publish": {"policy": RANKED, "mapping": {}},
    "compare": {"policy": RANKED, "mapping": {}},
    "migration": {"classification": "tier", "start": "2024-01-15", "end": "2024-02-01"},
    "explain": {"customer": "a", "classification": "tier", "lang": "en"},
    "snapshot": {},
    "save": {"target": io.BytesIO()},
    "load": {"source": SAVED, "policy": RANKED},
    "stats": {},
    "state_hash": {},
    "close": {},
}


#: A call that works of each function. A new function gets its line here.
CALLS = {
    patron.rfm: {"orders": ORDERS, "customer": "customer", "time": "time", "amount": "amount"},
    patron.rank: {"values": [3, 1, 2], "share": 0.8},
    patron.segment_table: {"name_or_rows": "eleven"},
    patron.nps: {"scores": [9, 10, 3]},
    patron.csat: {"scores": [1, 2, 5]},
    patron.ces: {"scores": [1, 2, 5]},
    patron.merge_summaries: {"parts": [LEARNED]},
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


HISTORY = {"frequency": [2, 0, 1, 3, 1], "recency": [30.0, 0.0, 5.0, 20.0, 3.0], "T": [38.0, 12.0, 30.0, 31.0, 32.0]}
CHANCES = {"frequency": [2, 0, 1], "recency": [3, 0, 2]}
FIT = {"weights": None, "penalty": 0.1, "threads": 1, "max_iterations": 200, "on_bad_row": "refuse", "progress": None}
ASKED = {"interval": None, "level": 0.95, "threads": 1, "on_bad_row": "raise"}
BB = ltv.BgBb.from_params(alpha=1.2, beta=0.75, gamma=0.66, delta=2.78)
SBG = ltv.Sbg.from_params(alpha=0.7, beta=1.2)
SPEND = ltv.GammaGamma.from_params(p=6.25, q=3.74, v=15.44)

#: The same of methods: from what they are called (a model, or a class to make one of).
METHODS = [
    (ltv.BgNbd, "fit", {**HISTORY, **FIT}),
    (ltv.Nbd, "fit", {"frequency": [1, 2, 3], "T": [9.0, 8.0, 7.0], **FIT}),
    (ltv.BgBb, "fit", {**CHANCES, "n": [4, 4, 4], **FIT}),
    (ltv.Sbg, "fit", {"T": [1, 2, 3], "churned": [True, False, True], **FIT}),
    (ltv.Sbg, "fit_survivors", {"survivors": [100, 60, 50, 45]}),
    (ltv.GammaGamma, "fit", {"frequency": [1, 2, 3], "monetary": [3.0, 4.0, 5.0], **FIT}),
    (ltv.BgNbd, "from_params", {"r": 1, "alpha": 2, "a": 1, "b": 1, "unit": "week"}),
    (ltv.BgNbd, "from_json", {"text": BG.to_json()}),
    (ltv.BgNbd, "set_params", {"unit": "day"}),
    (BG, "probability_alive", {**HISTORY, "at": 3.0, **ASKED}),
    (BG, "expected_purchases", {"horizon": 3.0, **HISTORY, **ASKED}),
    (BG, "expected_purchases_new", {"horizon": 3.0, **ASKED}),
    (BG, "purchase_pmf", {"n": 2, "horizon": 3.0, **HISTORY, **ASKED}),
    (BG, "next_purchase", {**HISTORY, "probability": 0.3, **ASKED}),
    (BG, "discounted_expected_purchases", {**HISTORY, "rate_per_year": 0.1, "horizon": 3.0, **ASKED}),
    (BG, "simulate", {"customers": 3, "T": 5.0, "orders": None, "seed": 1, "events": False, "threads": 1}),
    (BB, "expected_purchases", {"horizon": 3, **CHANCES, "T": [4, 4, 4], **ASKED}),
    (SBG, "survival", {"horizon": 3, "T": [1, 2], **ASKED}),
    (SBG, "retention_rate", {"T": [1, 2], **ASKED}),
    (SBG, "residual_lifetime", {"T": [1, 2], "horizon": 3, **ASKED}),
    (SBG, "discounted_residual_lifetime", {"T": [1, 2], "rate_per_year": 0.1, "horizon": 3, **ASKED}),
    (SPEND, "expected_spend", {"frequency": [1, 2], "monetary": [3.0, 4.0], **ASKED}),
    (SPEND, "simulate", {"customers": None, "orders": [1, 2], "seed": 1}),
]

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
    10**400,
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


def test_every_method_of_an_engine_has_a_call():
    members = {n: getattr(patron.Engine, n) for n in dir(patron.Engine) if n[0] != "_"}
    methods = {n for n, member in members.items() if inspect.isroutine(member)}
    assert methods == set(ENGINE_CALLS)


@pytest.mark.parametrize("parameter", ["policy", "refuse_after", "memory_limit", "shard", "threads"])
def test_an_engine_refuses_wrong_values(parameter):
    for value in WRONG:
        try:
            patron.Engine(**{"policy": LIVE, parameter: value})
        except patron.Error as error:
            assert str(error)


@pytest.mark.parametrize(
    ("method", "parameter"),
    [(m, p) for m in ENGINE_CALLS for p in inspect.signature(getattr(patron.Engine, m)).parameters if p != "self"],
)
def test_a_method_of_an_engine_refuses_wrong_values(method, parameter, tmp_path, monkeypatch):
    engine = living()
    monkeypatch.chdir(tmp_path)  # a text is the name of a file
    given = dict(ENGINE_CALLS[method])
    given.setdefault(parameter, inspect.signature(getattr(engine, method)).parameters[parameter].default)
    getattr(engine, method)(**given)
    for value in WRONG:
        if parameter in ("progress", "on_transitions") and callable(value):
            continue  # what a callback raises comes out of the call as it is
        try:
            getattr(engine, method)(**{**given, parameter: value})
        except patron.Error as error:
            assert str(error)


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
        if parameter in ("progress", "on_transitions") and callable(value):
            continue  # what a callback raises comes out of the call as it is
        try:
            function(**{**given, parameter: value})
        except patron.Error as error:
            assert str(error)


@pytest.mark.filterwarnings("ignore::patron.ltv.ConvergenceWarning")
@pytest.mark.parametrize(
    ("of", "method", "given", "parameter"),
    [(of, method, given, parameter) for of, method, given in METHODS for parameter in given],
    ids=lambda x: x if isinstance(x, str) else getattr(x, "__name__", type(x).__name__),
)
def test_a_wrong_value_of_a_method_is_refused_as_patron_refuses(of, method, given, parameter):
    def call(**values):
        getattr(of() if isinstance(of, type) else of, method)(**values)

    call(**given)
    for value in WRONG:
        if parameter in ("progress", "on_transitions") and callable(value):
            continue
        try:
            call(**{**given, parameter: value})
        except patron.Error as error:
            assert str(error)


@pytest.mark.parametrize(
    "call",
    [
        lambda wrong: patron.Engine(wrong),
        lambda wrong: patron.Engine.load(SAVED, policy=wrong),
        lambda wrong: living().publish(wrong),
        lambda wrong: living().compare(wrong),
    ],
)
@pytest.mark.parametrize("wrong", [5, {"tags": object()}, "no\0path"])
def test_a_policy_that_is_none_is_named_as_the_argument_is(call, wrong):
    with pytest.raises(patron.ArgumentError, match=r"^policy(=| is no)"):
        call(wrong)


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (["a", None], ", row 1: null; leave out who has no id"),
        (["a", 3], ", row 1: 3 (int) beside 'a' (str); give integers or strings"),
        (5, " is 5; give a list, an array or a Series"),
    ],
)
def test_ids_that_are_none_are_named_as_the_argument_is(ids, said):
    engine = living()
    for method, option in [("identities", "ids"), ("classes", "customers"), ("profiles", "customers")]:
        with pytest.raises(patron.DataError) as raised:
            getattr(engine, method)(**{option: ids})
        assert str(raised.value) == option + said
