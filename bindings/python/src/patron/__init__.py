"""patron: customer value, tiers and segments from raw orders, by an embeddable library.

Columns in, columns out: `rfm` scores and names every customer, `rank` makes A/B/C classes, `ltv` fits and
predicts lifetime value, `nps`, `csat` and `ces` score feedback, `weights` says how much each criterion counts,
`segment_table` holds and checks the tables that name scores, `Expression` checks and evaluates conditions.

Rules that live: a `Policy` says which events arrive, what is computed from them, and which tiers, stages and
audiences there are; an `Engine` keeps everybody in them up to date, with the instant and the cause of every
change, and forecasts those that time alone will bring.

Inputs are anything that speaks Arrow (pandas, Polars, pyarrow, DuckDB), NumPy arrays or plain lists; results go
back to all of them. None of these libraries is needed.

>>> import patron
>>> orders = {"id": ["ann", "bob", "ann"], "day": ["2026-01-02", "2026-01-05", "2026-02-01"],
...           "paid": [10, 25, 7.5]}
>>> patron.rfm(orders, customer="id", time="day", amount="paid").to_dict()["monetary"]
[17.5, 25.0]
"""

from . import errors, ltv, weights
from ._calibration import Calibration, merge_summaries
from ._cuts import AxisCuts, RfmCuts
from ._engine import Engine
from ._engine_results import EngineStats, IngestReport, ProfileValue, PublishReport
from ._explain import (
    BetterClass,
    ClassExplanation,
    ComingChange,
    Hold,
    MissingCondition,
    MissingFact,
    Reason,
)
from ._expression import Atom, Breakpoints, Explanation, Expression, ExpressionResult
from ._native import lib as _lib
from ._nps import (
    CesResult,
    CsatResult,
    FeedbackScore,
    NpsChange,
    NpsResult,
    ces,
    csat,
    nps,
    nps_difference,
)
from ._policy import Classified, Finding, Findings, Policy
from ._rank import RankResult, rank
from ._rfm import RfmResult, rfm
from ._schema import Schema
from ._segments import SegmentLint, SegmentTable, segment_table
from ._snapshot import Snapshot
from ._table import Column, Table
from ._workspace import Workspace
from .errors import (
    ArgumentError,
    CallbackError,
    Cancelled,
    DataError,
    Error,
    ExpressionError,
    ExpressionFinding,
    InternalError,
    IoError,
    PolicyError,
    ResourceError,
    StateError,
)

#: The version of the library that is loaded.
__version__: str = _lib.patron_version().decode()

#: The version of the time zone data inside the library, such as "2026a".
zone_data_version: str = _lib.patron_zone_data_version().text()

__all__ = [
    "ArgumentError",
    "Atom",
    "AxisCuts",
    "BetterClass",
    "Breakpoints",
    "Calibration",
    "CallbackError",
    "Cancelled",
    "CesResult",
    "ClassExplanation",
    "Classified",
    "Column",
    "ComingChange",
    "CsatResult",
    "DataError",
    "Engine",
    "EngineStats",
    "Error",
    "Explanation",
    "Expression",
    "ExpressionError",
    "ExpressionFinding",
    "ExpressionResult",
    "FeedbackScore",
    "Finding",
    "Findings",
    "Hold",
    "IngestReport",
    "InternalError",
    "IoError",
    "MissingCondition",
    "MissingFact",
    "NpsChange",
    "NpsResult",
    "Policy",
    "PolicyError",
    "ProfileValue",
    "PublishReport",
    "RankResult",
    "Reason",
    "ResourceError",
    "RfmCuts",
    "RfmResult",
    "Schema",
    "SegmentLint",
    "SegmentTable",
    "Snapshot",
    "StateError",
    "Table",
    "Workspace",
    "__version__",
    "ces",
    "csat",
    "errors",
    "ltv",
    "merge_summaries",
    "nps",
    "nps_difference",
    "rank",
    "rfm",
    "segment_table",
    "weights",
    "zone_data_version",
]
