"""The C API of patron for ctypes: constants, structs, handles and one typed prototype per function.

Generated from capi/api.json by capi/generate.py. A handle is a `c_void_p` of its own type; pointer
fields of structs are addresses, and whoever sets one keeps alive what it points to.

    library = Library("/path/to/libpatron.so")
    library.patron_version()                     # b"0.2.0"
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Final

# ruff: noqa: N801, E501

ABI_MAJOR: Final = 0
ABI_MINOR: Final = 3

PATRON_OK: Final = 0
PATRON_E_ARGUMENT: Final = 10
PATRON_E_UNSUPPORTED: Final = 11
PATRON_E_HANDLE: Final = 12
PATRON_E_BUFFER: Final = 13
PATRON_E_SYNTAX: Final = 20
PATRON_E_DOCUMENT: Final = 21
PATRON_E_ZONE: Final = 22
PATRON_E_COLUMN: Final = 30
PATRON_E_TYPE: Final = 31
PATRON_E_LENGTH: Final = 32
PATRON_E_EMPTY: Final = 33
PATRON_E_NULL: Final = 34
PATRON_E_NUMBER: Final = 35
PATRON_E_OVERFLOW: Final = 36
PATRON_E_TIME: Final = 37
PATRON_E_UTF8: Final = 38
PATRON_E_ARROW: Final = 39
PATRON_E_STATE: Final = 40
PATRON_E_IO: Final = 50
PATRON_E_MEMORY: Final = 60
PATRON_E_LIMIT: Final = 61
PATRON_E_CANCELLED: Final = 70
PATRON_E_CALLBACK: Final = 71
PATRON_E_INTERNAL: Final = 90


class patron_error(ctypes.Structure):
    """What went wrong, filled on failure. 1024 bytes, for good: start from PATRON_ERROR_INIT. A
    call given an error struct of another struct_size does nothing but consume what it always
    consumes, and returns PATRON_E_UNSUPPORTED.
    """

    struct_size: int
    code: int
    detail: int
    reserved: int
    byte_offset: int
    row: int
    message: bytes
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("code", ctypes.c_int32),
        ("detail", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
        ("byte_offset", ctypes.c_int64),
        ("row", ctypes.c_int64),
        ("message", ctypes.c_char * 992),
    ]

    @classmethod
    def init(cls) -> patron_error:
        """PATRON_ERROR_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_buffer_p(ctypes.c_void_p):
    """Bytes that patron allocated, such as a JSON document."""


class patron_str(ctypes.Structure):
    """Text that somebody else owns: size bytes from data, with no zero byte behind them. The one
    struct without a struct_size; it will not grow.
    """

    data: Any
    size: int
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("size", ctypes.c_uint64),
    ]

    @classmethod
    def of(cls, data: bytes) -> patron_str:
        """Borrows `data`, and keeps it alive."""
        return cls(ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), len(data))

    def text(self) -> str:
        """A copy of the text; empty where there is none."""
        return "" if self.data is None else ctypes.string_at(self.data, self.size).decode()


class patron_period(ctypes.Structure):
    """A length of time: calendar months, or exact microseconds; one of the two is zero."""

    struct_size: int
    months: int
    micros: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("months", ctypes.c_int32),
        ("micros", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_period:
        """PATRON_PERIOD_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value

PATRON_TYPE_UNSUPPORTED: Final = -1
PATRON_TYPE_NULL: Final = 0
PATRON_TYPE_BOOL: Final = 1
PATRON_TYPE_INT8: Final = 2
PATRON_TYPE_INT16: Final = 3
PATRON_TYPE_INT32: Final = 4
PATRON_TYPE_INT64: Final = 5
PATRON_TYPE_UINT8: Final = 6
PATRON_TYPE_UINT16: Final = 7
PATRON_TYPE_UINT32: Final = 8
PATRON_TYPE_UINT64: Final = 9
PATRON_TYPE_FLOAT: Final = 10
PATRON_TYPE_DOUBLE: Final = 11
PATRON_TYPE_DECIMAL128: Final = 12
PATRON_TYPE_STRING: Final = 13
PATRON_TYPE_LARGE_STRING: Final = 14
PATRON_TYPE_STRING_VIEW: Final = 15
PATRON_TYPE_DATE32: Final = 16
PATRON_TYPE_DATE64: Final = 17
PATRON_TYPE_TIMESTAMP: Final = 18
PATRON_TYPE_DURATION: Final = 19
PATRON_TYPE_DICTIONARY: Final = 20

PATRON_UNIT_SECOND: Final = 0
PATRON_UNIT_MILLI: Final = 1
PATRON_UNIT_MICRO: Final = 2
PATRON_UNIT_NANO: Final = 3


class patron_table_p(ctypes.c_void_p):
    """Named columns of one length. Immutable, and shares its memory."""


class patron_field(ctypes.Structure):
    """The name and type of a column. Its texts borrow from the table."""

    struct_size: int
    type: int
    name: patron_str
    type_name: patron_str
    unit: int
    precision: int
    scale: int
    index: int
    value: int
    ordered: int
    zone: patron_str
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("type", ctypes.c_int32),
        ("name", patron_str),
        ("type_name", patron_str),
        ("unit", ctypes.c_int32),
        ("precision", ctypes.c_int32),
        ("scale", ctypes.c_int32),
        ("index", ctypes.c_int32),
        ("value", ctypes.c_int32),
        ("ordered", ctypes.c_int32),
        ("zone", patron_str),
    ]

    @classmethod
    def init(cls) -> patron_field:
        """PATRON_FIELD_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_column(ctypes.Structure):
    """One chunk of a column as plain memory, laid out as the Arrow columnar format says: element i
    is element offset + i of the buffers. Buffers that a type has not are NULL. Given to patron
    it is the caller's memory; got from patron it borrows from the table, and then its offset is
    0 to 7, and what a null element holds is anything at all.
    """

    struct_size: int
    type: int
    name: patron_str
    unit: int
    precision: int
    scale: int
    index: int
    value: int
    ordered: int
    zone: patron_str
    length: int
    offset: int
    null_count: int
    validity: Any
    values: Any
    offsets: Any
    bytes: Any
    view_buffers: Any
    view_sizes: Any
    view_buffer_count: int
    dictionary: Any
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("type", ctypes.c_int32),
        ("name", patron_str),
        ("unit", ctypes.c_int32),
        ("precision", ctypes.c_int32),
        ("scale", ctypes.c_int32),
        ("index", ctypes.c_int32),
        ("value", ctypes.c_int32),
        ("ordered", ctypes.c_int32),
        ("zone", patron_str),
        ("length", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("validity", ctypes.c_void_p),
        ("values", ctypes.c_void_p),
        ("offsets", ctypes.c_void_p),
        ("bytes", ctypes.c_void_p),
        ("view_buffers", ctypes.c_void_p),
        ("view_sizes", ctypes.c_void_p),
        ("view_buffer_count", ctypes.c_uint64),
        ("dictionary", ctypes.c_void_p),
    ]

    @classmethod
    def init(cls) -> patron_column:
        """PATRON_COLUMN_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.unit = PATRON_UNIT_MICRO
        return value


class patron_cancel_p(ctypes.c_void_p):
    """A flag that stops the calls which were given it."""


# Called on the caller's thread with the share done, 0 to 1, which never decreases. A return other than 0 stops the call with PATRON_E_CALLBACK; error->detail has the number. It may call patron, but for closing what the call reads.
patron_progress_fn = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_double)


class patron_workspace_p(ctypes.c_void_p):
    """Scratch memory. Calls may share one at the same time: one of them has the memory, the others take their own, and the largest is kept."""

PATRON_LANGUAGE_EN: Final = 0
PATRON_LANGUAGE_ZH: Final = 1

PATRON_GRID_R_F_M: Final = 0
PATRON_GRID_R_FM: Final = 1
PATRON_GRID_R_F: Final = 2

PATRON_OCTANTS_CLASSIC: Final = 0
PATRON_OCTANTS_VE: Final = 1


class patron_segments_p(ctypes.c_void_p):
    """A segment table. Immutable."""


class patron_segment_row(ctypes.Structure):
    """One row of a segment table. Its texts borrow from the handle, and may be empty but for the
    name.
    """

    struct_size: int
    reserved: int
    name: patron_str
    label_zh: patron_str
    advice: patron_str
    advice_zh: patron_str
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("name", patron_str),
        ("label_zh", patron_str),
        ("advice", patron_str),
        ("advice_zh", patron_str),
    ]

    @classmethod
    def init(cls) -> patron_segment_row:
        """PATRON_SEGMENT_ROW_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_lint_counts(ctypes.Structure):
    """What lint found. A cell is a gap where no row claims it, an overlap where two or more do. A
    table with neither is an exact partition.
    """

    struct_size: int
    cells: int
    gaps: int
    overlaps: int
    unreachable: int
    reserved: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("cells", ctypes.c_int32),
        ("gaps", ctypes.c_int32),
        ("overlaps", ctypes.c_int32),
        ("unreachable", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
    ]

    @classmethod
    def init(cls) -> patron_lint_counts:
        """PATRON_LINT_COUNTS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value

PATRON_REFUNDS_NET: Final = 0
PATRON_REFUNDS_OWN_TIME: Final = 1
PATRON_REFUNDS_IGNORE: Final = 2

PATRON_ZERO_IGNORE: Final = 0
PATRON_ZERO_COUNT: Final = 1

PATRON_METHOD_QUANTILE: Final = 0
PATRON_METHOD_NEAREST_RANK: Final = 1
PATRON_METHOD_FIXED: Final = 2

PATRON_SPLIT_MEAN: Final = 0
PATRON_SPLIT_MEDIAN: Final = 1
PATRON_SPLIT_VALUE: Final = 2

PATRON_AXIS_RECENCY: Final = 0
PATRON_AXIS_FREQUENCY: Final = 1
PATRON_AXIS_MONETARY: Final = 2

PATRON_GAP_ERROR: Final = 0
PATRON_GAP_NULL: Final = 1

PATRON_OVERLAP_ERROR: Final = 0
PATRON_OVERLAP_FIRST: Final = 1

PATRON_BAD_ROW_REFUSE: Final = 0
PATRON_BAD_ROW_FAIL: Final = 1

PATRON_REFUSAL_NULL_CUSTOMER: Final = 1
PATRON_REFUSAL_NULL_TIME: Final = 2
PATRON_REFUSAL_NULL_AMOUNT: Final = 3
PATRON_REFUSAL_AMOUNT_NOT_FINITE: Final = 4
PATRON_REFUSAL_AMOUNT_OVERFLOW: Final = 5
PATRON_REFUSAL_TIME_OUT_OF_RANGE: Final = 6
PATRON_REFUSAL_TIME_NOT_UNDERSTOOD: Final = 7
PATRON_REFUSAL_CUSTOMER_OUT_OF_RANGE: Final = 8
PATRON_REFUSAL_NULL_ORDER: Final = 9
PATRON_REFUSAL_ORDER_OUT_OF_RANGE: Final = 10
PATRON_REFUSAL_CUSTOMER_TOO_LONG: Final = 11
PATRON_REFUSAL_ORDER_TOO_LONG: Final = 12
PATRON_REFUSAL_NULL_MARGIN: Final = 13
PATRON_REFUSAL_MARGIN_NOT_FINITE: Final = 14
PATRON_REFUSAL_MARGIN_OVERFLOW: Final = 15


class patron_cuts_p(ctypes.c_void_p):
    """What calibration learned: the cuts of the three axes. A value that can be stored, shown and applied to other customers. Immutable."""


class patron_rfm_p(ctypes.c_void_p):
    """The result of one RFM computation. Immutable."""


class patron_cuts_info(ctypes.Structure):
    """What the cuts of all axes share. The text borrows from the handle."""

    struct_size: int
    scale: int
    timezone: patron_str
    customers: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("scale", ctypes.c_int32),
        ("timezone", patron_str),
        ("customers", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_cuts_info:
        """PATRON_CUTS_INFO_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_axis_cuts(ctypes.Structure):
    """The cuts of one axis. A score is 1 + the number of cuts strictly below the value (for
    recency: bins - that number). The cuts borrow from the handle.
    """

    struct_size: int
    method: int
    cuts: Any
    count: int
    octant_split: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("method", ctypes.c_int32),
        ("cuts", ctypes.c_void_p),
        ("count", ctypes.c_uint64),
        ("octant_split", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_axis_cuts:
        """PATRON_AXIS_CUTS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_scores(ctypes.Structure):
    """The scores of one customer, each from 1 (worst) to the number of bins (best)."""

    struct_size: int
    r: int
    f: int
    m: int
    octant: int
    reserved: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("r", ctypes.c_int32),
        ("f", ctypes.c_int32),
        ("m", ctypes.c_int32),
        ("octant", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
    ]

    @classmethod
    def init(cls) -> patron_scores:
        """PATRON_SCORES_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_rfm_axis(ctypes.Structure):
    """How one axis is scored and split."""

    struct_size: int
    method: int
    bins: int
    octant_split: int
    cuts: Any
    cut_count: int
    octant_value: float
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("method", ctypes.c_int32),
        ("bins", ctypes.c_int32),
        ("octant_split", ctypes.c_int32),
        ("cuts", ctypes.c_void_p),
        ("cut_count", ctypes.c_uint64),
        ("octant_value", ctypes.c_double),
    ]

    @classmethod
    def init(cls) -> patron_rfm_axis:
        """PATRON_RFM_AXIS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.bins = 5
        return value


class patron_rfm_options(ctypes.Structure):
    """How to read orders and score customers. customer, time and amount are required."""

    struct_size: int
    refunds: int
    customer: patron_str
    time: patron_str
    amount: patron_str
    order: patron_str
    timezone: patron_str
    as_of: Any
    window: Any
    zero: int
    scale: int
    octant_names: int
    language: int
    on_gap: int
    on_overlap: int
    on_bad_row: int
    threads: int
    recency: Any
    frequency: Any
    monetary: Any
    cuts: Any
    segments: Any
    cancel: Any
    progress: Any
    progress_context: Any
    workspace: Any
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("refunds", ctypes.c_int32),
        ("customer", patron_str),
        ("time", patron_str),
        ("amount", patron_str),
        ("order", patron_str),
        ("timezone", patron_str),
        ("as_of", ctypes.c_void_p),
        ("window", ctypes.c_void_p),
        ("zero", ctypes.c_int32),
        ("scale", ctypes.c_int32),
        ("octant_names", ctypes.c_int32),
        ("language", ctypes.c_int32),
        ("on_gap", ctypes.c_int32),
        ("on_overlap", ctypes.c_int32),
        ("on_bad_row", ctypes.c_int32),
        ("threads", ctypes.c_int32),
        ("recency", ctypes.c_void_p),
        ("frequency", ctypes.c_void_p),
        ("monetary", ctypes.c_void_p),
        ("cuts", ctypes.c_void_p),
        ("segments", ctypes.c_void_p),
        ("cancel", ctypes.c_void_p),
        ("progress", patron_progress_fn),
        ("progress_context", ctypes.c_void_p),
        ("workspace", ctypes.c_void_p),
    ]

    @classmethod
    def init(cls) -> patron_rfm_options:
        """PATRON_RFM_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.scale = 2
        value.threads = 1
        return value


class patron_rfm_summary(ctypes.Structure):
    """What patron_rfm_compute counted."""

    struct_size: int
    reserved: int
    customers: int
    rows: int
    refused_rows: int
    rounded_rows: int
    waiting_rows: int
    zero_rows: int
    refund_rows: int
    as_of: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("customers", ctypes.c_int64),
        ("rows", ctypes.c_int64),
        ("refused_rows", ctypes.c_int64),
        ("rounded_rows", ctypes.c_int64),
        ("waiting_rows", ctypes.c_int64),
        ("zero_rows", ctypes.c_int64),
        ("refund_rows", ctypes.c_int64),
        ("as_of", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_rfm_summary:
        """PATRON_RFM_SUMMARY_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_rank_p(ctypes.c_void_p):
    """The result of one ranking. Immutable."""


class patron_rank_options(ctypes.Structure):
    """Exactly one of the three is given."""

    struct_size: int
    reserved: int
    shares: Any
    share_count: int
    top_percents: Any
    top_percent_count: int
    top: Any
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("shares", ctypes.c_void_p),
        ("share_count", ctypes.c_uint64),
        ("top_percents", ctypes.c_void_p),
        ("top_percent_count", ctypes.c_uint64),
        ("top", ctypes.c_void_p),
    ]

    @classmethod
    def init(cls) -> patron_rank_options:
        """PATRON_RANK_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_rank_summary(ctypes.Structure):
    """The classes of a ranking. The arrays borrow from the handle."""

    struct_size: int
    reserved: int
    cuts: Any
    cut_count: int
    members: Any
    class_count: int
    ranked: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("cuts", ctypes.c_void_p),
        ("cut_count", ctypes.c_uint64),
        ("members", ctypes.c_void_p),
        ("class_count", ctypes.c_uint64),
        ("ranked", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_rank_summary:
        """PATRON_RANK_SUMMARY_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value

PATRON_SCALING_MIN_MAX: Final = 0
PATRON_SCALING_SHARE: Final = 1

PATRON_DIRECTION_BENEFIT: Final = 0
PATRON_DIRECTION_COST: Final = 1

PATRON_NULL_ROWS_REFUSE: Final = 0
PATRON_NULL_ROWS_LEAVE_OUT: Final = 1


class patron_ahp_options(ctypes.Structure):
    """When comparisons are refused, and what the criteria are called in messages."""

    struct_size: int
    reserved: int
    max_consistency_ratio: float
    names: Any
    name_count: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("max_consistency_ratio", ctypes.c_double),
        ("names", ctypes.c_void_p),
        ("name_count", ctypes.c_uint64),
    ]

    @classmethod
    def init(cls) -> patron_ahp_options:
        """PATRON_AHP_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.max_consistency_ratio = 0.1
        return value


class patron_ahp_consistency(ctypes.Structure):
    """How well the comparisons agree. The worst one stands most against the others, what they
    imply is the geometric mean of the detours by every other criterion.
    """

    struct_size: int
    reserved: int
    lambda_max: float
    consistency_index: float
    random_index: float
    consistency_ratio: float
    worst_row: int
    worst_column: int
    given: float
    implied: float
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("lambda_max", ctypes.c_double),
        ("consistency_index", ctypes.c_double),
        ("random_index", ctypes.c_double),
        ("consistency_ratio", ctypes.c_double),
        ("worst_row", ctypes.c_int32),
        ("worst_column", ctypes.c_int32),
        ("given", ctypes.c_double),
        ("implied", ctypes.c_double),
    ]

    @classmethod
    def init(cls) -> patron_ahp_consistency:
        """PATRON_AHP_CONSISTENCY_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_entropy_options(ctypes.Structure):
    """The criteria of an entropy, each a column."""

    struct_size: int
    scaling: int
    columns: Any
    directions: Any
    column_count: int
    null_rows: int
    reserved: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("scaling", ctypes.c_int32),
        ("columns", ctypes.c_void_p),
        ("directions", ctypes.c_void_p),
        ("column_count", ctypes.c_uint64),
        ("null_rows", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
    ]

    @classmethod
    def init(cls) -> patron_entropy_options:
        """PATRON_ENTROPY_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value

PATRON_QUESTION_NPS: Final = 0
PATRON_QUESTION_CSAT: Final = 1
PATRON_QUESTION_CES: Final = 2

PATRON_INTERVAL_AUTO: Final = 0
PATRON_INTERVAL_WALD: Final = 1
PATRON_INTERVAL_ADJUSTED_WALD: Final = 2
PATRON_INTERVAL_SCORE: Final = 3
PATRON_INTERVAL_STUDENT: Final = 4


class patron_nps_p(ctypes.c_void_p):
    """The scores of one set of responses. Immutable."""


class patron_nps_method(ctypes.Structure):
    """How a score and its interval are computed. The scale is looked at for CSAT and CES only; NPS
    has 0 to 10.
    """

    struct_size: int
    question: int
    interval: int
    lowest: int
    highest: int
    top_boxes: int
    confidence: float
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("question", ctypes.c_int32),
        ("interval", ctypes.c_int32),
        ("lowest", ctypes.c_int32),
        ("highest", ctypes.c_int32),
        ("top_boxes", ctypes.c_int32),
        ("confidence", ctypes.c_double),
    ]

    @classmethod
    def init(cls) -> patron_nps_method:
        """PATRON_NPS_METHOD_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.lowest = 1
        value.highest = 5
        value.top_boxes = 2
        value.confidence = 0.95
        return value


class patron_nps_score(ctypes.Structure):
    """One score. The text borrows from the handle."""

    struct_size: int
    reserved: int
    kind: patron_str
    count: int
    promoters: int
    passives: int
    detractors: int
    score: float
    standard_error: float
    low: float
    high: float
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("kind", patron_str),
        ("count", ctypes.c_int64),
        ("promoters", ctypes.c_int64),
        ("passives", ctypes.c_int64),
        ("detractors", ctypes.c_int64),
        ("score", ctypes.c_double),
        ("standard_error", ctypes.c_double),
        ("low", ctypes.c_double),
        ("high", ctypes.c_double),
    ]

    @classmethod
    def init(cls) -> patron_nps_score:
        """PATRON_NPS_SCORE_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_nps_change(ctypes.Structure):
    """The difference of two scores."""

    struct_size: int
    reserved: int
    difference: float
    standard_error: float
    low: float
    high: float
    z: float
    p: float
    degrees: float
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("difference", ctypes.c_double),
        ("standard_error", ctypes.c_double),
        ("low", ctypes.c_double),
        ("high", ctypes.c_double),
        ("z", ctypes.c_double),
        ("p", ctypes.c_double),
        ("degrees", ctypes.c_double),
    ]

    @classmethod
    def init(cls) -> patron_nps_change:
        """PATRON_NPS_CHANGE_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_nps_options(ctypes.Structure):
    """How to read responses. score is required; an empty text means that there is no such column."""

    struct_size: int
    on_bad_row: int
    score: patron_str
    group: patron_str
    kind: patron_str
    only: patron_str
    customer: patron_str
    time: patron_str
    timezone: patron_str
    as_of: Any
    window: Any
    topics: Any
    topic_count: int
    population: Any
    method: Any
    cancel: Any
    progress: Any
    progress_context: Any
    threads: int
    reserved: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("on_bad_row", ctypes.c_int32),
        ("score", patron_str),
        ("group", patron_str),
        ("kind", patron_str),
        ("only", patron_str),
        ("customer", patron_str),
        ("time", patron_str),
        ("timezone", patron_str),
        ("as_of", ctypes.c_void_p),
        ("window", ctypes.c_void_p),
        ("topics", ctypes.c_void_p),
        ("topic_count", ctypes.c_uint64),
        ("population", ctypes.c_void_p),
        ("method", ctypes.c_void_p),
        ("cancel", ctypes.c_void_p),
        ("progress", patron_progress_fn),
        ("progress_context", ctypes.c_void_p),
        ("threads", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
    ]

    @classmethod
    def init(cls) -> patron_nps_options:
        """PATRON_NPS_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.threads = 1
        return value


class patron_nps_summary(ctypes.Structure):
    """What patron_nps_compute counted."""

    struct_size: int
    kinds: int
    rows: int
    refused_rows: int
    waiting_rows: int
    old_rows: int
    superseded_rows: int
    other_rows: int
    as_of: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("kinds", ctypes.c_int32),
        ("rows", ctypes.c_int64),
        ("refused_rows", ctypes.c_int64),
        ("waiting_rows", ctypes.c_int64),
        ("old_rows", ctypes.c_int64),
        ("superseded_rows", ctypes.c_int64),
        ("other_rows", ctypes.c_int64),
        ("as_of", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_nps_summary:
        """PATRON_NPS_SUMMARY_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value

PATRON_LTV_MODEL_NBD: Final = 0
PATRON_LTV_MODEL_BG_NBD: Final = 1
PATRON_LTV_MODEL_MBG_NBD: Final = 2
PATRON_LTV_MODEL_PARETO_NBD: Final = 3
PATRON_LTV_MODEL_BG_BB: Final = 4
PATRON_LTV_MODEL_SBG: Final = 5
PATRON_LTV_MODEL_BDW: Final = 6
PATRON_LTV_MODEL_GAMMA_GAMMA: Final = 7

PATRON_LTV_UNIT_HOUR: Final = 0
PATRON_LTV_UNIT_DAY: Final = 1
PATRON_LTV_UNIT_WEEK: Final = 2
PATRON_LTV_UNIT_MONTH: Final = 3
PATRON_LTV_UNIT_QUARTER: Final = 4
PATRON_LTV_UNIT_YEAR: Final = 5

PATRON_LTV_VERDICT_CONVERGED: Final = 0
PATRON_LTV_VERDICT_FLAT_RIDGE: Final = 1
PATRON_LTV_VERDICT_BOUNDARY: Final = 2
PATRON_LTV_VERDICT_TOO_LITTLE_DATA: Final = 3
PATRON_LTV_VERDICT_ITERATIONS: Final = 4

PATRON_LTV_QUANTITY_PROBABILITY_ALIVE: Final = 0
PATRON_LTV_QUANTITY_EXPECTED_PURCHASES: Final = 1
PATRON_LTV_QUANTITY_PURCHASE_PROBABILITY: Final = 2
PATRON_LTV_QUANTITY_NEXT_PURCHASE: Final = 3
PATRON_LTV_QUANTITY_DISCOUNTED_PURCHASES: Final = 4
PATRON_LTV_QUANTITY_EXPECTED_SPEND: Final = 5
PATRON_LTV_QUANTITY_RETENTION_RATE: Final = 6
PATRON_LTV_QUANTITY_RESIDUAL_LIFETIME: Final = 7
PATRON_LTV_QUANTITY_DISCOUNTED_LIFETIME: Final = 8

PATRON_LTV_INTERVAL_NONE: Final = 0
PATRON_LTV_INTERVAL_CONFIDENCE: Final = 1
PATRON_LTV_INTERVAL_PREDICTION: Final = 2


class patron_ltv_p(ctypes.c_void_p):
    """A model of lifetime value: its parameters, its unit and, where it was fitted, how that went. Immutable."""


class patron_ltv_columns(ctypes.Structure):
    """Names of columns; an empty text means that there is no such column. Numbers of any type;
    counts must be whole.
    """

    struct_size: int
    reserved: int
    frequency: patron_str
    recency: patron_str
    T: patron_str
    monetary: patron_str
    churned: patron_str
    weight: patron_str
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("frequency", patron_str),
        ("recency", patron_str),
        ("T", patron_str),
        ("monetary", patron_str),
        ("churned", patron_str),
        ("weight", patron_str),
    ]

    @classmethod
    def init(cls) -> patron_ltv_columns:
        """PATRON_LTV_COLUMNS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_ltv_fit_options(ctypes.Structure):
    """How to fit. columns is required."""

    struct_size: int
    unit: int
    columns: Any
    penalty: float
    max_iterations: int
    on_bad_row: int
    cancel: Any
    progress: Any
    progress_context: Any
    threads: int
    reserved: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("unit", ctypes.c_int32),
        ("columns", ctypes.c_void_p),
        ("penalty", ctypes.c_double),
        ("max_iterations", ctypes.c_int32),
        ("on_bad_row", ctypes.c_int32),
        ("cancel", ctypes.c_void_p),
        ("progress", patron_progress_fn),
        ("progress_context", ctypes.c_void_p),
        ("threads", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
    ]

    @classmethod
    def init(cls) -> patron_ltv_fit_options:
        """PATRON_LTV_FIT_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.unit = PATRON_LTV_UNIT_WEEK
        value.max_iterations = 200
        value.threads = 1
        return value


class patron_ltv_parameters(ctypes.Structure):
    """A model by its numbers."""

    struct_size: int
    model: int
    unit: int
    count: int
    values: float
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("model", ctypes.c_int32),
        ("unit", ctypes.c_int32),
        ("count", ctypes.c_int32),
        ("values", ctypes.c_double * 4),
    ]

    @classmethod
    def init(cls) -> patron_ltv_parameters:
        """PATRON_LTV_PARAMETERS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_ltv_report(ctypes.Structure):
    """How a fit went. The text borrows from the handle."""

    struct_size: int
    verdict: int
    message: patron_str
    log_likelihood: float
    penalty: float
    gradient_norm: float
    aic: float
    bic: float
    customers: float
    rows: int
    excluded_rows: int
    unique_rows: int
    iterations: int
    reserved: int
    standard_errors: float
    covariance: float
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("verdict", ctypes.c_int32),
        ("message", patron_str),
        ("log_likelihood", ctypes.c_double),
        ("penalty", ctypes.c_double),
        ("gradient_norm", ctypes.c_double),
        ("aic", ctypes.c_double),
        ("bic", ctypes.c_double),
        ("customers", ctypes.c_double),
        ("rows", ctypes.c_int64),
        ("excluded_rows", ctypes.c_int64),
        ("unique_rows", ctypes.c_int64),
        ("iterations", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
        ("standard_errors", ctypes.c_double * 4),
        ("covariance", ctypes.c_double * 16),
    ]

    @classmethod
    def init(cls) -> patron_ltv_report:
        """PATRON_LTV_REPORT_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_ltv_customer(ctypes.Structure):
    """One customer; what the model does not read is not looked at."""

    struct_size: int
    reserved: int
    frequency: float
    recency: float
    T: float
    monetary: float
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("frequency", ctypes.c_double),
        ("recency", ctypes.c_double),
        ("T", ctypes.c_double),
        ("monetary", ctypes.c_double),
    ]

    @classmethod
    def init(cls) -> patron_ltv_customer:
        """PATRON_LTV_CUSTOMER_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_ltv_query(ctypes.Structure):
    """What to predict."""

    struct_size: int
    quantity: int
    horizon: Any
    count: int
    probability: float
    rate_per_year: float
    interval: int
    reserved: int
    level: float
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("quantity", ctypes.c_int32),
        ("horizon", ctypes.c_void_p),
        ("count", ctypes.c_int64),
        ("probability", ctypes.c_double),
        ("rate_per_year", ctypes.c_double),
        ("interval", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
        ("level", ctypes.c_double),
    ]

    @classmethod
    def init(cls) -> patron_ltv_query:
        """PATRON_LTV_QUERY_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.quantity = PATRON_LTV_QUANTITY_EXPECTED_PURCHASES
        value.probability = 0.5
        value.level = 0.95
        return value


class patron_ltv_prediction(ctypes.Structure):
    """A prediction. A mean that does not exist or is infinite is NaN."""

    struct_size: int
    reserved: int
    value: float
    low: float
    high: float
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("value", ctypes.c_double),
        ("low", ctypes.c_double),
        ("high", ctypes.c_double),
    ]

    @classmethod
    def init(cls) -> patron_ltv_prediction:
        """PATRON_LTV_PREDICTION_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_ltv_predict_options(ctypes.Structure):
    """What to predict for a table of customers. columns and query are required."""

    struct_size: int
    on_bad_row: int
    columns: Any
    query: Any
    cancel: Any
    progress: Any
    progress_context: Any
    threads: int
    reserved: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("on_bad_row", ctypes.c_int32),
        ("columns", ctypes.c_void_p),
        ("query", ctypes.c_void_p),
        ("cancel", ctypes.c_void_p),
        ("progress", patron_progress_fn),
        ("progress_context", ctypes.c_void_p),
        ("threads", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
    ]

    @classmethod
    def init(cls) -> patron_ltv_predict_options:
        """PATRON_LTV_PREDICT_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.threads = 1
        return value


class patron_ltv_value_options(ctypes.Structure):
    """How to value customers. columns is required, and names what both models read."""

    struct_size: int
    on_bad_row: int
    columns: Any
    horizon: Any
    rate_per_year: float
    margin: float
    interval: int
    reserved: int
    level: float
    cancel: Any
    progress: Any
    progress_context: Any
    threads: int
    reserved2: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("on_bad_row", ctypes.c_int32),
        ("columns", ctypes.c_void_p),
        ("horizon", ctypes.c_void_p),
        ("rate_per_year", ctypes.c_double),
        ("margin", ctypes.c_double),
        ("interval", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
        ("level", ctypes.c_double),
        ("cancel", ctypes.c_void_p),
        ("progress", patron_progress_fn),
        ("progress_context", ctypes.c_void_p),
        ("threads", ctypes.c_int32),
        ("reserved2", ctypes.c_uint32),
    ]

    @classmethod
    def init(cls) -> patron_ltv_value_options:
        """PATRON_LTV_VALUE_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.margin = 1
        value.level = 0.95
        value.threads = 1
        return value


class patron_ltv_simulation(ctypes.Structure):
    """Which customers to simulate: `customers` of them, observed for T; or each of T_each; or, for
    Gamma-Gamma, each of orders_each.
    """

    struct_size: int
    threads: int
    customers: int
    T: float
    T_each: Any
    orders_each: Any
    seed: int
    cancel: Any
    progress: Any
    progress_context: Any
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("threads", ctypes.c_int32),
        ("customers", ctypes.c_int64),
        ("T", ctypes.c_double),
        ("T_each", ctypes.c_void_p),
        ("orders_each", ctypes.c_void_p),
        ("seed", ctypes.c_uint64),
        ("cancel", ctypes.c_void_p),
        ("progress", patron_progress_fn),
        ("progress_context", ctypes.c_void_p),
    ]

    @classmethod
    def init(cls) -> patron_ltv_simulation:
        """PATRON_LTV_SIMULATION_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.threads = 1
        return value

PATRON_LTV_COLLAPSE_DAY: Final = 0
PATRON_LTV_COLLAPSE_UNIT: Final = 1
PATRON_LTV_COLLAPSE_NONE: Final = 2

PATRON_LTV_FIRST_ORDER_DROP: Final = 0
PATRON_LTV_FIRST_ORDER_KEEP: Final = 1

PATRON_LTV_MONEY_MEAN: Final = 0
PATRON_LTV_MONEY_TOTAL: Final = 1


class patron_ltv_summary_p(ctypes.c_void_p):
    """The summaries of the customers of one set of orders. Immutable."""


class patron_ltv_historic_p(ctypes.c_void_p):
    """The historic values of the customers of one set of orders. Immutable."""


class patron_ltv_summary_options(ctypes.Structure):
    """How to read orders and what to make of them. customer and time are required; without amount
    every row is an order and there is no money.
    """

    struct_size: int
    unit: int
    customer: patron_str
    time: patron_str
    amount: patron_str
    order: patron_str
    timezone: patron_str
    calibration_end: Any
    observation_end: Any
    collapse: int
    first_order: int
    money: int
    refunds: int
    zero: int
    scale: int
    on_bad_row: int
    threads: int
    cancel: Any
    progress: Any
    progress_context: Any
    workspace: Any
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("unit", ctypes.c_int32),
        ("customer", patron_str),
        ("time", patron_str),
        ("amount", patron_str),
        ("order", patron_str),
        ("timezone", patron_str),
        ("calibration_end", ctypes.c_void_p),
        ("observation_end", ctypes.c_void_p),
        ("collapse", ctypes.c_int32),
        ("first_order", ctypes.c_int32),
        ("money", ctypes.c_int32),
        ("refunds", ctypes.c_int32),
        ("zero", ctypes.c_int32),
        ("scale", ctypes.c_int32),
        ("on_bad_row", ctypes.c_int32),
        ("threads", ctypes.c_int32),
        ("cancel", ctypes.c_void_p),
        ("progress", patron_progress_fn),
        ("progress_context", ctypes.c_void_p),
        ("workspace", ctypes.c_void_p),
    ]

    @classmethod
    def init(cls) -> patron_ltv_summary_options:
        """PATRON_LTV_SUMMARY_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.unit = 2
        value.zero = 1
        value.scale = 2
        value.threads = 1
        return value


class patron_ltv_historic_options(ctypes.Structure):
    """How to read orders and what to make of them. customer, time and amount are required."""

    struct_size: int
    refunds: int
    customer: patron_str
    time: patron_str
    amount: patron_str
    order: patron_str
    margin: patron_str
    timezone: patron_str
    as_of: Any
    rate_per_year: float
    zero: int
    scale: int
    on_bad_row: int
    threads: int
    cancel: Any
    progress: Any
    progress_context: Any
    workspace: Any
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("refunds", ctypes.c_int32),
        ("customer", patron_str),
        ("time", patron_str),
        ("amount", patron_str),
        ("order", patron_str),
        ("margin", patron_str),
        ("timezone", patron_str),
        ("as_of", ctypes.c_void_p),
        ("rate_per_year", ctypes.c_double),
        ("zero", ctypes.c_int32),
        ("scale", ctypes.c_int32),
        ("on_bad_row", ctypes.c_int32),
        ("threads", ctypes.c_int32),
        ("cancel", ctypes.c_void_p),
        ("progress", patron_progress_fn),
        ("progress_context", ctypes.c_void_p),
        ("workspace", ctypes.c_void_p),
    ]

    @classmethod
    def init(cls) -> patron_ltv_historic_options:
        """PATRON_LTV_HISTORIC_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.zero = 1
        value.scale = 2
        value.threads = 1
        return value


class patron_ltv_counts(ctypes.Structure):
    """What patron_ltv_summary_compute or patron_ltv_historic_compute counted."""

    struct_size: int
    reserved: int
    customers: int
    rows: int
    refused_rows: int
    rounded_rows: int
    waiting_rows: int
    zero_rows: int
    refund_rows: int
    later_customers: int
    without_orders: int
    calibration_end: int
    observation_end: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("customers", ctypes.c_int64),
        ("rows", ctypes.c_int64),
        ("refused_rows", ctypes.c_int64),
        ("rounded_rows", ctypes.c_int64),
        ("waiting_rows", ctypes.c_int64),
        ("zero_rows", ctypes.c_int64),
        ("refund_rows", ctypes.c_int64),
        ("later_customers", ctypes.c_int64),
        ("without_orders", ctypes.c_int64),
        ("calibration_end", ctypes.c_int64),
        ("observation_end", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_ltv_counts:
        """PATRON_LTV_COUNTS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value

PATRON_KIND_BOOL: Final = 0
PATRON_KIND_INT64: Final = 1
PATRON_KIND_DOUBLE: Final = 2
PATRON_KIND_STRING: Final = 3
PATRON_KIND_ENUM: Final = 4
PATRON_KIND_ENUM_SET: Final = 5
PATRON_KIND_DATE: Final = 6
PATRON_KIND_TIMESTAMP: Final = 7
PATRON_KIND_DURATION: Final = 8
PATRON_KIND_MONEY: Final = 9

PATRON_SQL_DUCKDB: Final = 0
PATRON_SQL_POSTGRESQL: Final = 1


class patron_schema_p(ctypes.c_void_p):
    """Named, typed facts. Immutable."""


class patron_expression_p(ctypes.c_void_p):
    """A checked expression. Immutable; it keeps its schema alive."""


class patron_schema_field(ctypes.Structure):
    """One field of a schema. Its texts borrow from the schema."""

    struct_size: int
    kind: int
    name: patron_str
    nullable: int
    ordered: int
    value_count: int
    scale: int
    currency: patron_str
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("kind", ctypes.c_int32),
        ("name", patron_str),
        ("nullable", ctypes.c_int32),
        ("ordered", ctypes.c_int32),
        ("value_count", ctypes.c_int32),
        ("scale", ctypes.c_int32),
        ("currency", patron_str),
    ]

    @classmethod
    def init(cls) -> patron_schema_field:
        """PATRON_SCHEMA_FIELD_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_cell(ctypes.Structure):
    """One value of a row, or unknown. A caller's text is read during the call only."""

    struct_size: int
    known: int
    integer: int
    number: float
    text: patron_str
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("known", ctypes.c_int32),
        ("integer", ctypes.c_int64),
        ("number", ctypes.c_double),
        ("text", patron_str),
    ]

    @classmethod
    def init(cls) -> patron_cell:
        """PATRON_CELL_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_expression_info(ctypes.Structure):
    """What an expression is. The texts and the array borrow from the handle."""

    struct_size: int
    kind: int
    text: patron_str
    uses_now: int
    nullable: int
    scale: int
    reserved: int
    currency: patron_str
    fields: Any
    field_count: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("kind", ctypes.c_int32),
        ("text", patron_str),
        ("uses_now", ctypes.c_int32),
        ("nullable", ctypes.c_int32),
        ("scale", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
        ("currency", patron_str),
        ("fields", ctypes.c_void_p),
        ("field_count", ctypes.c_uint64),
    ]

    @classmethod
    def init(cls) -> patron_expression_info:
        """PATRON_EXPRESSION_INFO_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_expression_options(ctypes.Structure):
    """How a table is evaluated."""

    struct_size: int
    threads: int
    now: Any
    cancel: Any
    progress: Any
    progress_context: Any
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("threads", ctypes.c_int32),
        ("now", ctypes.c_void_p),
        ("cancel", ctypes.c_void_p),
        ("progress", patron_progress_fn),
        ("progress_context", ctypes.c_void_p),
    ]

    @classmethod
    def init(cls) -> patron_expression_options:
        """PATRON_EXPRESSION_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.threads = 1
        return value


class patron_expression_counts(ctypes.Structure):
    """What an evaluation met: results that were unknown although their operands were known, and
    cells that could not be read as their field's kind.
    """

    struct_size: int
    reserved: int
    rows: int
    unknown_rows: int
    overflows: int
    divisions_by_zero: int
    bad_cells: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("rows", ctypes.c_int64),
        ("unknown_rows", ctypes.c_int64),
        ("overflows", ctypes.c_int64),
        ("divisions_by_zero", ctypes.c_int64),
        ("bad_cells", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_expression_counts:
        """PATRON_EXPRESSION_COUNTS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_explanation(ctypes.Structure):
    """What explain found. The value itself is what patron_expression_evaluate_row gives."""

    struct_size: int
    known: int
    decided: int
    atom_count: int
    set_count: int
    reserved: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("known", ctypes.c_int32),
        ("decided", ctypes.c_int32),
        ("atom_count", ctypes.c_int32),
        ("set_count", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
    ]

    @classmethod
    def init(cls) -> patron_explanation:
        """PATRON_EXPLANATION_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_breakpoints(ctypes.Structure):
    """When a value can change with no new fact."""

    struct_size: int
    solved: int
    instant_count: int
    next: int
    until: int
    begin: int
    end: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("solved", ctypes.c_int32),
        ("instant_count", ctypes.c_int64),
        ("next", ctypes.c_int64),
        ("until", ctypes.c_int64),
        ("begin", ctypes.c_int64),
        ("end", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_breakpoints:
        """PATRON_BREAKPOINTS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_policy_p(ctypes.c_void_p):
    """A policy that was checked. Immutable."""


class patron_policy_info(ctypes.Structure):
    """What a policy is. The texts borrow from the handle."""

    struct_size: int
    reserved: int
    name: patron_str
    version: patron_str
    timezone: patron_str
    hash: patron_str
    tags: int
    classifications: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("name", patron_str),
        ("version", patron_str),
        ("timezone", patron_str),
        ("hash", patron_str),
        ("tags", ctypes.c_int64),
        ("classifications", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_policy_info:
        """PATRON_POLICY_INFO_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value

PATRON_CAUSE_EVENT: Final = 0
PATRON_CAUSE_TIME: Final = 1
PATRON_CAUSE_CORRECTION: Final = 2
PATRON_CAUSE_CALIBRATION: Final = 3
PATRON_CAUSE_POLICY: Final = 4
PATRON_CAUSE_OVERRIDE: Final = 5
PATRON_CAUSE_MERGE: Final = 6

PATRON_VERDICT_CALIBRATED: Final = 0
PATRON_VERDICT_TOO_FEW: Final = 1
PATRON_VERDICT_NOT_FITTED: Final = 2

PATRON_NULLS_IGNORE: Final = 0
PATRON_NULLS_CLEAR: Final = 1


class patron_engine_p(ctypes.c_void_p):
    """A policy, the facts of its customers, and where each of them stands. It keeps the policy alive."""


class patron_calibration_p(ctypes.c_void_p):
    """What the models learned from all customers at one instant: constants until the next one. Immutable."""


# Told what changed, in the columns of patron_engine_transitions, at most 1,000 rows at a time; the table is closed when it returns. It runs on the caller's thread, and may ask the engine on that thread but not change it: a change is refused with STATE. A return other than 0 is the last: the call ends with PATRON_E_CALLBACK, error->detail has the number, and what was not told is read with patron_engine_transitions.
patron_transitions_fn = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)


class patron_engine_options(ctypes.Structure):
    """How an engine is opened."""

    struct_size: int
    shard: int
    memory_limit: int
    refuse_after: Any
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("shard", ctypes.c_int32),
        ("memory_limit", ctypes.c_int64),
        ("refuse_after", ctypes.c_void_p),
    ]

    @classmethod
    def init(cls) -> patron_engine_options:
        """PATRON_ENGINE_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_engine_info(ctypes.Structure):
    """Where an engine stands."""

    struct_size: int
    customer: int
    clock: int
    next_due: int
    customers: int
    events: int
    values: int
    transitions: int
    calibration: int
    calibration_due: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("customer", ctypes.c_int32),
        ("clock", ctypes.c_int64),
        ("next_due", ctypes.c_int64),
        ("customers", ctypes.c_int64),
        ("events", ctypes.c_int64),
        ("values", ctypes.c_int64),
        ("transitions", ctypes.c_int64),
        ("calibration", ctypes.c_int64),
        ("calibration_due", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_engine_info:
        """PATRON_ENGINE_INFO_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_engine_memory(ctypes.Structure):
    """Bytes held, by what holds them."""

    struct_size: int
    reserved: int
    customers: int
    events: int
    event_keys: int
    attributes: int
    texts: int
    identities: int
    slack: int
    classes: int
    waiting: int
    transitions: int
    total: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("customers", ctypes.c_int64),
        ("events", ctypes.c_int64),
        ("event_keys", ctypes.c_int64),
        ("attributes", ctypes.c_int64),
        ("texts", ctypes.c_int64),
        ("identities", ctypes.c_int64),
        ("slack", ctypes.c_int64),
        ("classes", ctypes.c_int64),
        ("waiting", ctypes.c_int64),
        ("transitions", ctypes.c_int64),
        ("total", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_engine_memory:
        """PATRON_ENGINE_MEMORY_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_ingest_options(ctypes.Structure):
    """How facts are taken."""

    struct_size: int
    quiet: int
    nulls: int
    threads: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("quiet", ctypes.c_int32),
        ("nulls", ctypes.c_int32),
        ("threads", ctypes.c_int32),
    ]

    @classmethod
    def init(cls) -> patron_ingest_options:
        """PATRON_INGEST_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.threads = 1
        return value


class patron_ingest_report(ctypes.Structure):
    """What became of a batch. Every row is accepted, a duplicate, a correction, deleted, unknown
    or refused; those that changed something are late or wait.
    """

    struct_size: int
    reserved: int
    rows: int
    accepted: int
    duplicates: int
    corrected: int
    deleted: int
    unknown: int
    refused_rows: int
    late: int
    waiting: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("rows", ctypes.c_int64),
        ("accepted", ctypes.c_int64),
        ("duplicates", ctypes.c_int64),
        ("corrected", ctypes.c_int64),
        ("deleted", ctypes.c_int64),
        ("unknown", ctypes.c_int64),
        ("refused_rows", ctypes.c_int64),
        ("late", ctypes.c_int64),
        ("waiting", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_ingest_report:
        """PATRON_INGEST_REPORT_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_event(ctypes.Structure):
    """One event, for hosts that have them one by one."""

    struct_size: int
    reserved: int
    number: int
    customer: patron_str
    time: int
    values: Any
    value_count: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("number", ctypes.c_int64),
        ("customer", patron_str),
        ("time", ctypes.c_int64),
        ("values", ctypes.c_void_p),
        ("value_count", ctypes.c_uint64),
    ]

    @classmethod
    def init(cls) -> patron_event:
        """PATRON_EVENT_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_profiles_options(ctypes.Structure):
    """Which values of whom."""

    struct_size: int
    threads: int
    customers: Any
    tags: Any
    tag_count: int
    where: patron_str
    cancel: Any
    progress: Any
    progress_context: Any
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("threads", ctypes.c_int32),
        ("customers", ctypes.c_void_p),
        ("tags", ctypes.c_void_p),
        ("tag_count", ctypes.c_uint64),
        ("where", patron_str),
        ("cancel", ctypes.c_void_p),
        ("progress", patron_progress_fn),
        ("progress_context", ctypes.c_void_p),
    ]

    @classmethod
    def init(cls) -> patron_profiles_options:
        """PATRON_PROFILES_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.threads = 1
        return value


class patron_calibration_info(ctypes.Structure):
    """What a calibration is."""

    struct_size: int
    complete: int
    number: int
    at: int
    customers: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("complete", ctypes.c_int32),
        ("number", ctypes.c_int64),
        ("at", ctypes.c_int64),
        ("customers", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_calibration_info:
        """PATRON_CALIBRATION_INFO_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_advance_options(ctypes.Structure):
    """Who may stop a call, and who is told what it changed."""

    struct_size: int
    threads: int
    cancel: Any
    progress: Any
    progress_context: Any
    on_transitions: Any
    transitions_context: Any
    reasons: int
    reserved: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("threads", ctypes.c_int32),
        ("cancel", ctypes.c_void_p),
        ("progress", patron_progress_fn),
        ("progress_context", ctypes.c_void_p),
        ("on_transitions", patron_transitions_fn),
        ("transitions_context", ctypes.c_void_p),
        ("reasons", ctypes.c_int32),
        ("reserved", ctypes.c_uint32),
    ]

    @classmethod
    def init(cls) -> patron_advance_options:
        """PATRON_ADVANCE_OPTIONS_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        value.threads = 1
        value.reasons = 1
        return value

PATRON_OVERRIDE_PIN: Final = 0
PATRON_OVERRIDE_HOLD: Final = 1
PATRON_OVERRIDE_CEILING: Final = 2
PATRON_OVERRIDE_FLOOR: Final = 3


class patron_link_report(ctypes.Structure):
    """What a link did. The texts belong to the engine, until it is changed again."""

    struct_size: int
    done: int
    survivor_number: int
    survivor: patron_str
    other_number: int
    other: patron_str
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("done", ctypes.c_int32),
        ("survivor_number", ctypes.c_int64),
        ("survivor", patron_str),
        ("other_number", ctypes.c_int64),
        ("other", patron_str),
    ]

    @classmethod
    def init(cls) -> patron_link_report:
        """PATRON_LINK_REPORT_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_identity(ctypes.Structure):
    """Which customer an id is. The text belongs to the engine, until it is changed again, or to
    the snapshot.
    """

    struct_size: int
    found: int
    number: int
    customer: patron_str
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("found", ctypes.c_int32),
        ("number", ctypes.c_int64),
        ("customer", patron_str),
    ]

    @classmethod
    def init(cls) -> patron_identity:
        """PATRON_IDENTITY_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_override(ctypes.Structure):
    """An override: one of each kind for a customer and a classification; a later one takes its
    place. A pin counts before a hold, that before a ceiling, that before a floor.
    """

    struct_size: int
    kind: int
    classification: patron_str
    to: patron_str
    at: Any
    until: Any
    reason: patron_str
    author: patron_str
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("kind", ctypes.c_int32),
        ("classification", patron_str),
        ("to", patron_str),
        ("at", ctypes.c_void_p),
        ("until", ctypes.c_void_p),
        ("reason", patron_str),
        ("author", patron_str),
    ]

    @classmethod
    def init(cls) -> patron_override:
        """PATRON_OVERRIDE_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_snapshot_p(ctypes.c_void_p):
    """An engine as it stood. Immutable."""


class patron_snapshot_info(ctypes.Structure):
    """What a snapshot is of."""

    struct_size: int
    customer: int
    clock: int
    customers: int
    calibration: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("customer", ctypes.c_int32),
        ("clock", ctypes.c_int64),
        ("customers", ctypes.c_int64),
        ("calibration", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_snapshot_info:
        """PATRON_SNAPSHOT_INFO_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


# Takes the next piece of what is saved, of about a MiB, on the caller's thread; the bytes are good until it returns. A return other than 0 ends the call with PATRON_E_CALLBACK; error->detail has the number. It may not call the engine.
patron_sink_fn = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint64)


class patron_sink(ctypes.Structure):
    """Where bytes go."""

    struct_size: int
    reserved: int
    write: Any
    context: Any
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
        ("write", patron_sink_fn),
        ("context", ctypes.c_void_p),
    ]

    @classmethod
    def init(cls) -> patron_sink:
        """PATRON_SINK_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value


class patron_publish_report(ctypes.Structure):
    """What a publication did."""

    struct_size: int
    same: int
    number: int
    customers: int
    uncalibrated: int
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("same", ctypes.c_int32),
        ("number", ctypes.c_int64),
        ("customers", ctypes.c_int64),
        ("uncalibrated", ctypes.c_int64),
    ]

    @classmethod
    def init(cls) -> patron_publish_report:
        """PATRON_PUBLISH_REPORT_INIT."""
        value = cls(struct_size=ctypes.sizeof(cls))
        return value

PATRON_ARROW_STREAM: Final = 0
PATRON_ARROW_SCHEMA: Final = 1
PATRON_ARROW_ARRAY: Final = 2


class Library:
    """Every function of one loaded library, under its C name."""

    def __init__(self, path: str) -> None:
        dll = ctypes.CDLL(path)
        self.path: Final = path
        self.patron_status_name: Callable[[int], bytes] = _bind(
            dll, "patron_status_name", ctypes.c_char_p, [ctypes.c_int32])
        self.patron_buffer_text: Callable[[patron_buffer_p | None], patron_str] = _bind(
            dll, "patron_buffer_text", patron_str, [patron_buffer_p])
        self.patron_buffer_close: Callable[[patron_buffer_p | None], None] = _bind(
            dll, "patron_buffer_close", None, [patron_buffer_p])
        self.patron_version: Callable[[], bytes] = _bind(
            dll, "patron_version", ctypes.c_char_p, [])
        self.patron_abi_version: Callable[[], int] = _bind(
            dll, "patron_abi_version", ctypes.c_uint32, [])
        self.patron_zone_data_version: Callable[[], patron_str] = _bind(
            dll, "patron_zone_data_version", patron_str, [])
        self.patron_zone_data_hash: Callable[[], patron_str] = _bind(
            dll, "patron_zone_data_hash", patron_str, [])
        self.patron_time_parse: Callable[[bytes | None, int, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_time_parse", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(patron_error)])
        self.patron_time_format: Callable[[int, Any, int, Any, Any], int] = _bind(
            dll, "patron_time_format", ctypes.c_int32, [ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_uint64), ctypes.POINTER(patron_error)])
        self.patron_period_parse: Callable[[bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_period_parse", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_period), ctypes.POINTER(patron_error)])
        self.patron_zone_check: Callable[[bytes | None, int, Any], int] = _bind(
            dll, "patron_zone_check", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_error)])
        self.patron_zone_count: Callable[[], int] = _bind(
            dll, "patron_zone_count", ctypes.c_int32, [])
        self.patron_zone_name: Callable[[int], patron_str] = _bind(
            dll, "patron_zone_name", patron_str, [ctypes.c_int32])
        self.patron_money_from_double: Callable[[float, int, Any, Any, Any], int] = _bind(
            dll, "patron_money_from_double", ctypes.c_int32, [ctypes.c_double, ctypes.c_int32, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(ctypes.c_int32), ctypes.POINTER(patron_error)])
        self.patron_money_parse: Callable[[bytes | None, int, int, Any, Any, Any], int] = _bind(
            dll, "patron_money_parse", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.c_int32, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(ctypes.c_int32), ctypes.POINTER(patron_error)])
        self.patron_money_format: Callable[[int, int, bytes | None, int, Any, int, Any, Any], int] = _bind(
            dll, "patron_money_format", ctypes.c_int32, [ctypes.c_int64, ctypes.c_int32, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_uint64), ctypes.POINTER(patron_error)])
        self.patron_money_sum: Callable[[Any, int, Any, Any], int] = _bind(
            dll, "patron_money_sum", ctypes.c_int32, [ctypes.POINTER(ctypes.c_int64), ctypes.c_uint64, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(patron_error)])
        self.patron_table_import_stream: Callable[[Any, Any, Any], int] = _bind(
            dll, "patron_table_import_stream", ctypes.c_int32, [ctypes.c_void_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_table_import_array: Callable[[Any, Any, Any, Any], int] = _bind(
            dll, "patron_table_import_array", ctypes.c_int32, [ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_table_create: Callable[[Any, int, Any, Any], int] = _bind(
            dll, "patron_table_create", ctypes.c_int32, [ctypes.POINTER(patron_column), ctypes.c_uint64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_table_rows: Callable[[patron_table_p | None], int] = _bind(
            dll, "patron_table_rows", ctypes.c_int64, [patron_table_p])
        self.patron_table_columns: Callable[[patron_table_p | None], int] = _bind(
            dll, "patron_table_columns", ctypes.c_int32, [patron_table_p])
        self.patron_table_chunks: Callable[[patron_table_p | None], int] = _bind(
            dll, "patron_table_chunks", ctypes.c_int64, [patron_table_p])
        self.patron_table_find: Callable[[patron_table_p | None, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_table_find", ctypes.c_int32, [patron_table_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_int32), ctypes.POINTER(patron_error)])
        self.patron_table_field: Callable[[patron_table_p | None, int, Any, Any], int] = _bind(
            dll, "patron_table_field", ctypes.c_int32, [patron_table_p, ctypes.c_int32, ctypes.POINTER(patron_field), ctypes.POINTER(patron_error)])
        self.patron_table_column: Callable[[patron_table_p | None, int, int, Any, Any], int] = _bind(
            dll, "patron_table_column", ctypes.c_int32, [patron_table_p, ctypes.c_int32, ctypes.c_int64, ctypes.POINTER(patron_column), ctypes.POINTER(patron_error)])
        self.patron_table_select: Callable[[patron_table_p | None, Any, int, Any, Any], int] = _bind(
            dll, "patron_table_select", ctypes.c_int32, [patron_table_p, ctypes.POINTER(patron_str), ctypes.c_uint64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_table_export_stream: Callable[[patron_table_p | None, Any, Any], int] = _bind(
            dll, "patron_table_export_stream", ctypes.c_int32, [patron_table_p, ctypes.c_void_p, ctypes.POINTER(patron_error)])
        self.patron_table_close: Callable[[patron_table_p | None], None] = _bind(
            dll, "patron_table_close", None, [patron_table_p])
        self.patron_cancel_create: Callable[[Any, Any], int] = _bind(
            dll, "patron_cancel_create", ctypes.c_int32, [ctypes.POINTER(patron_cancel_p), ctypes.POINTER(patron_error)])
        self.patron_cancel_request: Callable[[patron_cancel_p | None], None] = _bind(
            dll, "patron_cancel_request", None, [patron_cancel_p])
        self.patron_cancel_reset: Callable[[patron_cancel_p | None], None] = _bind(
            dll, "patron_cancel_reset", None, [patron_cancel_p])
        self.patron_cancel_requested: Callable[[patron_cancel_p | None], int] = _bind(
            dll, "patron_cancel_requested", ctypes.c_int32, [patron_cancel_p])
        self.patron_cancel_close: Callable[[patron_cancel_p | None], None] = _bind(
            dll, "patron_cancel_close", None, [patron_cancel_p])
        self.patron_workspace_create: Callable[[Any, Any], int] = _bind(
            dll, "patron_workspace_create", ctypes.c_int32, [ctypes.POINTER(patron_workspace_p), ctypes.POINTER(patron_error)])
        self.patron_workspace_bytes: Callable[[patron_workspace_p | None], int] = _bind(
            dll, "patron_workspace_bytes", ctypes.c_int64, [patron_workspace_p])
        self.patron_workspace_close: Callable[[patron_workspace_p | None], None] = _bind(
            dll, "patron_workspace_close", None, [patron_workspace_p])
        self.patron_segments_named_count: Callable[[], int] = _bind(
            dll, "patron_segments_named_count", ctypes.c_int32, [])
        self.patron_segments_named_name: Callable[[int], patron_str] = _bind(
            dll, "patron_segments_named_name", patron_str, [ctypes.c_int32])
        self.patron_segments_named: Callable[[bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_segments_named", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_segments_p), ctypes.POINTER(patron_error)])
        self.patron_segments_parse: Callable[[bytes | None, int, int, Any, Any], int] = _bind(
            dll, "patron_segments_parse", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.c_int32, ctypes.POINTER(patron_segments_p), ctypes.POINTER(patron_error)])
        self.patron_segments_to_json: Callable[[patron_segments_p | None, Any, Any], int] = _bind(
            dll, "patron_segments_to_json", ctypes.c_int32, [patron_segments_p, ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_segments_bins: Callable[[patron_segments_p | None], int] = _bind(
            dll, "patron_segments_bins", ctypes.c_int32, [patron_segments_p])
        self.patron_segments_grid: Callable[[patron_segments_p | None], int] = _bind(
            dll, "patron_segments_grid", ctypes.c_int32, [patron_segments_p])
        self.patron_segments_rows: Callable[[patron_segments_p | None], int] = _bind(
            dll, "patron_segments_rows", ctypes.c_int32, [patron_segments_p])
        self.patron_segments_row: Callable[[patron_segments_p | None, int, Any, Any], int] = _bind(
            dll, "patron_segments_row", ctypes.c_int32, [patron_segments_p, ctypes.c_int32, ctypes.POINTER(patron_segment_row), ctypes.POINTER(patron_error)])
        self.patron_segments_find: Callable[[patron_segments_p | None, int, int, int, Any, Any], int] = _bind(
            dll, "patron_segments_find", ctypes.c_int32, [patron_segments_p, ctypes.c_int32, ctypes.c_int32, ctypes.c_int32, ctypes.POINTER(ctypes.c_int32), ctypes.POINTER(patron_error)])
        self.patron_segments_lint: Callable[[patron_segments_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_segments_lint", ctypes.c_int32, [patron_segments_p, ctypes.POINTER(patron_lint_counts), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_segments_close: Callable[[patron_segments_p | None], None] = _bind(
            dll, "patron_segments_close", None, [patron_segments_p])
        self.patron_octant_name: Callable[[int, int, int], patron_str] = _bind(
            dll, "patron_octant_name", patron_str, [ctypes.c_int32, ctypes.c_int32, ctypes.c_int32])
        self.patron_refusal_reason: Callable[[int], patron_str] = _bind(
            dll, "patron_refusal_reason", patron_str, [ctypes.c_int32])
        self.patron_cuts_parse: Callable[[bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_cuts_parse", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_cuts_p), ctypes.POINTER(patron_error)])
        self.patron_cuts_to_json: Callable[[patron_cuts_p | None, Any, Any], int] = _bind(
            dll, "patron_cuts_to_json", ctypes.c_int32, [patron_cuts_p, ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_cuts_describe: Callable[[patron_cuts_p | None, Any, Any], int] = _bind(
            dll, "patron_cuts_describe", ctypes.c_int32, [patron_cuts_p, ctypes.POINTER(patron_cuts_info), ctypes.POINTER(patron_error)])
        self.patron_cuts_axis: Callable[[patron_cuts_p | None, int, Any, Any], int] = _bind(
            dll, "patron_cuts_axis", ctypes.c_int32, [patron_cuts_p, ctypes.c_int32, ctypes.POINTER(patron_axis_cuts), ctypes.POINTER(patron_error)])
        self.patron_cuts_score: Callable[[patron_cuts_p | None, int, int, int, Any, Any], int] = _bind(
            dll, "patron_cuts_score", ctypes.c_int32, [patron_cuts_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.POINTER(patron_scores), ctypes.POINTER(patron_error)])
        self.patron_cuts_close: Callable[[patron_cuts_p | None], None] = _bind(
            dll, "patron_cuts_close", None, [patron_cuts_p])
        self.patron_rfm_compute: Callable[[patron_table_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_rfm_compute", ctypes.c_int32, [patron_table_p, ctypes.POINTER(patron_rfm_options), ctypes.POINTER(patron_rfm_p), ctypes.POINTER(patron_error)])
        self.patron_rfm_table: Callable[[patron_rfm_p | None, Any, Any], int] = _bind(
            dll, "patron_rfm_table", ctypes.c_int32, [patron_rfm_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_rfm_refused: Callable[[patron_rfm_p | None, Any, Any], int] = _bind(
            dll, "patron_rfm_refused", ctypes.c_int32, [patron_rfm_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_rfm_cuts: Callable[[patron_rfm_p | None, Any, Any], int] = _bind(
            dll, "patron_rfm_cuts", ctypes.c_int32, [patron_rfm_p, ctypes.POINTER(patron_cuts_p), ctypes.POINTER(patron_error)])
        self.patron_rfm_counts: Callable[[patron_rfm_p | None, Any, Any], int] = _bind(
            dll, "patron_rfm_counts", ctypes.c_int32, [patron_rfm_p, ctypes.POINTER(patron_rfm_summary), ctypes.POINTER(patron_error)])
        self.patron_rfm_close: Callable[[patron_rfm_p | None], None] = _bind(
            dll, "patron_rfm_close", None, [patron_rfm_p])
        self.patron_rank_compute: Callable[[patron_table_p | None, bytes | None, int, Any, Any, Any], int] = _bind(
            dll, "patron_rank_compute", ctypes.c_int32, [patron_table_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_rank_options), ctypes.POINTER(patron_rank_p), ctypes.POINTER(patron_error)])
        self.patron_rank_table: Callable[[patron_rank_p | None, Any, Any], int] = _bind(
            dll, "patron_rank_table", ctypes.c_int32, [patron_rank_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_rank_describe: Callable[[patron_rank_p | None, Any, Any], int] = _bind(
            dll, "patron_rank_describe", ctypes.c_int32, [patron_rank_p, ctypes.POINTER(patron_rank_summary), ctypes.POINTER(patron_error)])
        self.patron_rank_close: Callable[[patron_rank_p | None], None] = _bind(
            dll, "patron_rank_close", None, [patron_rank_p])
        self.patron_weights_manual: Callable[[Any, int, Any, Any], int] = _bind(
            dll, "patron_weights_manual", ctypes.c_int32, [ctypes.POINTER(ctypes.c_double), ctypes.c_uint64, ctypes.POINTER(ctypes.c_double), ctypes.POINTER(patron_error)])
        self.patron_weights_ahp: Callable[[Any, int, Any, Any, Any, Any], int] = _bind(
            dll, "patron_weights_ahp", ctypes.c_int32, [ctypes.POINTER(ctypes.c_double), ctypes.c_uint64, ctypes.POINTER(patron_ahp_options), ctypes.POINTER(ctypes.c_double), ctypes.POINTER(patron_ahp_consistency), ctypes.POINTER(patron_error)])
        self.patron_weights_entropy: Callable[[patron_table_p | None, Any, Any, Any, Any], int] = _bind(
            dll, "patron_weights_entropy", ctypes.c_int32, [patron_table_p, ctypes.POINTER(patron_entropy_options), ctypes.POINTER(ctypes.c_double), ctypes.POINTER(ctypes.c_double), ctypes.POINTER(patron_error)])
        self.patron_nps_estimate: Callable[[Any, int, Any, Any, Any, Any], int] = _bind(
            dll, "patron_nps_estimate", ctypes.c_int32, [ctypes.POINTER(ctypes.c_int64), ctypes.c_uint64, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(patron_nps_method), ctypes.POINTER(patron_nps_score), ctypes.POINTER(patron_error)])
        self.patron_nps_compute: Callable[[patron_table_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_nps_compute", ctypes.c_int32, [patron_table_p, ctypes.POINTER(patron_nps_options), ctypes.POINTER(patron_nps_p), ctypes.POINTER(patron_error)])
        self.patron_nps_table: Callable[[patron_nps_p | None, Any, Any], int] = _bind(
            dll, "patron_nps_table", ctypes.c_int32, [patron_nps_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_nps_overall: Callable[[patron_nps_p | None, int, Any, Any], int] = _bind(
            dll, "patron_nps_overall", ctypes.c_int32, [patron_nps_p, ctypes.c_int32, ctypes.POINTER(patron_nps_score), ctypes.POINTER(patron_error)])
        self.patron_nps_drivers: Callable[[patron_nps_p | None, Any, Any], int] = _bind(
            dll, "patron_nps_drivers", ctypes.c_int32, [patron_nps_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_nps_refused: Callable[[patron_nps_p | None, Any, Any], int] = _bind(
            dll, "patron_nps_refused", ctypes.c_int32, [patron_nps_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_nps_counts: Callable[[patron_nps_p | None, Any, Any], int] = _bind(
            dll, "patron_nps_counts", ctypes.c_int32, [patron_nps_p, ctypes.POINTER(patron_nps_summary), ctypes.POINTER(patron_error)])
        self.patron_nps_difference: Callable[[patron_nps_p | None, patron_nps_p | None, int, float, Any, Any], int] = _bind(
            dll, "patron_nps_difference", ctypes.c_int32, [patron_nps_p, patron_nps_p, ctypes.c_int32, ctypes.c_double, ctypes.POINTER(patron_nps_change), ctypes.POINTER(patron_error)])
        self.patron_nps_close: Callable[[patron_nps_p | None], None] = _bind(
            dll, "patron_nps_close", None, [patron_nps_p])
        self.patron_ltv_model_name: Callable[[int], patron_str] = _bind(
            dll, "patron_ltv_model_name", patron_str, [ctypes.c_int32])
        self.patron_ltv_parameter_name: Callable[[int, int], patron_str] = _bind(
            dll, "patron_ltv_parameter_name", patron_str, [ctypes.c_int32, ctypes.c_int32])
        self.patron_ltv_fit: Callable[[patron_table_p | None, int, Any, Any, Any], int] = _bind(
            dll, "patron_ltv_fit", ctypes.c_int32, [patron_table_p, ctypes.c_int32, ctypes.POINTER(patron_ltv_fit_options), ctypes.POINTER(patron_ltv_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_create: Callable[[int, Any, int, int, Any, Any], int] = _bind(
            dll, "patron_ltv_create", ctypes.c_int32, [ctypes.c_int32, ctypes.POINTER(ctypes.c_double), ctypes.c_uint64, ctypes.c_int32, ctypes.POINTER(patron_ltv_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_parse: Callable[[bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_ltv_parse", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_ltv_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_to_json: Callable[[patron_ltv_p | None, Any, Any], int] = _bind(
            dll, "patron_ltv_to_json", ctypes.c_int32, [patron_ltv_p, ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_read_parameters: Callable[[patron_ltv_p | None, Any, Any], int] = _bind(
            dll, "patron_ltv_read_parameters", ctypes.c_int32, [patron_ltv_p, ctypes.POINTER(patron_ltv_parameters), ctypes.POINTER(patron_error)])
        self.patron_ltv_read_report: Callable[[patron_ltv_p | None, Any, Any], int] = _bind(
            dll, "patron_ltv_read_report", ctypes.c_int32, [patron_ltv_p, ctypes.POINTER(patron_ltv_report), ctypes.POINTER(patron_error)])
        self.patron_ltv_excluded: Callable[[patron_ltv_p | None, Any, Any], int] = _bind(
            dll, "patron_ltv_excluded", ctypes.c_int32, [patron_ltv_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_predict_one: Callable[[patron_ltv_p | None, Any, Any, Any, Any], int] = _bind(
            dll, "patron_ltv_predict_one", ctypes.c_int32, [patron_ltv_p, ctypes.POINTER(patron_ltv_customer), ctypes.POINTER(patron_ltv_query), ctypes.POINTER(patron_ltv_prediction), ctypes.POINTER(patron_error)])
        self.patron_ltv_predict: Callable[[patron_ltv_p | None, patron_table_p | None, Any, Any, Any, Any], int] = _bind(
            dll, "patron_ltv_predict", ctypes.c_int32, [patron_ltv_p, patron_table_p, ctypes.POINTER(patron_ltv_predict_options), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_value: Callable[[patron_ltv_p | None, patron_ltv_p | None, patron_table_p | None, Any, Any, Any, Any], int] = _bind(
            dll, "patron_ltv_value", ctypes.c_int32, [patron_ltv_p, patron_ltv_p, patron_table_p, ctypes.POINTER(patron_ltv_value_options), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_simulate: Callable[[patron_ltv_p | None, Any, Any, Any, Any], int] = _bind(
            dll, "patron_ltv_simulate", ctypes.c_int32, [patron_ltv_p, ctypes.POINTER(patron_ltv_simulation), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_close: Callable[[patron_ltv_p | None], None] = _bind(
            dll, "patron_ltv_close", None, [patron_ltv_p])
        self.patron_ltv_summary_compute: Callable[[patron_table_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_ltv_summary_compute", ctypes.c_int32, [patron_table_p, ctypes.POINTER(patron_ltv_summary_options), ctypes.POINTER(patron_ltv_summary_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_summary_table: Callable[[patron_ltv_summary_p | None, Any, Any], int] = _bind(
            dll, "patron_ltv_summary_table", ctypes.c_int32, [patron_ltv_summary_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_summary_refused: Callable[[patron_ltv_summary_p | None, Any, Any], int] = _bind(
            dll, "patron_ltv_summary_refused", ctypes.c_int32, [patron_ltv_summary_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_summary_counts: Callable[[patron_ltv_summary_p | None, Any, Any], int] = _bind(
            dll, "patron_ltv_summary_counts", ctypes.c_int32, [patron_ltv_summary_p, ctypes.POINTER(patron_ltv_counts), ctypes.POINTER(patron_error)])
        self.patron_ltv_summary_close: Callable[[patron_ltv_summary_p | None], None] = _bind(
            dll, "patron_ltv_summary_close", None, [patron_ltv_summary_p])
        self.patron_ltv_historic_compute: Callable[[patron_table_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_ltv_historic_compute", ctypes.c_int32, [patron_table_p, ctypes.POINTER(patron_ltv_historic_options), ctypes.POINTER(patron_ltv_historic_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_historic_table: Callable[[patron_ltv_historic_p | None, Any, Any], int] = _bind(
            dll, "patron_ltv_historic_table", ctypes.c_int32, [patron_ltv_historic_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_historic_refused: Callable[[patron_ltv_historic_p | None, Any, Any], int] = _bind(
            dll, "patron_ltv_historic_refused", ctypes.c_int32, [patron_ltv_historic_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_ltv_historic_counts: Callable[[patron_ltv_historic_p | None, Any, Any], int] = _bind(
            dll, "patron_ltv_historic_counts", ctypes.c_int32, [patron_ltv_historic_p, ctypes.POINTER(patron_ltv_counts), ctypes.POINTER(patron_error)])
        self.patron_ltv_historic_close: Callable[[patron_ltv_historic_p | None], None] = _bind(
            dll, "patron_ltv_historic_close", None, [patron_ltv_historic_p])
        self.patron_ltv_plain_values: Callable[[Any, Any, int, float, float, Any, Any], int] = _bind(
            dll, "patron_ltv_plain_values", ctypes.c_int32, [ctypes.POINTER(ctypes.c_double), ctypes.POINTER(ctypes.c_double), ctypes.c_uint64, ctypes.c_double, ctypes.c_double, ctypes.POINTER(ctypes.c_double), ctypes.POINTER(patron_error)])
        self.patron_schema_parse: Callable[[bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_schema_parse", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_schema_p), ctypes.POINTER(patron_error)])
        self.patron_schema_fields: Callable[[patron_schema_p | None], int] = _bind(
            dll, "patron_schema_fields", ctypes.c_int32, [patron_schema_p])
        self.patron_schema_find: Callable[[patron_schema_p | None, bytes | None, int], int] = _bind(
            dll, "patron_schema_find", ctypes.c_int32, [patron_schema_p, ctypes.c_char_p, ctypes.c_uint64])
        self.patron_schema_describe: Callable[[patron_schema_p | None, int, Any, Any], int] = _bind(
            dll, "patron_schema_describe", ctypes.c_int32, [patron_schema_p, ctypes.c_int32, ctypes.POINTER(patron_schema_field), ctypes.POINTER(patron_error)])
        self.patron_schema_value: Callable[[patron_schema_p | None, int, int], patron_str] = _bind(
            dll, "patron_schema_value", patron_str, [patron_schema_p, ctypes.c_int32, ctypes.c_int32])
        self.patron_schema_close: Callable[[patron_schema_p | None], None] = _bind(
            dll, "patron_schema_close", None, [patron_schema_p])
        self.patron_expression_parse: Callable[[patron_schema_p | None, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_expression_parse", ctypes.c_int32, [patron_schema_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_expression_p), ctypes.POINTER(patron_error)])
        self.patron_expression_check: Callable[[patron_schema_p | None, bytes | None, int, Any, Any, Any, Any], int] = _bind(
            dll, "patron_expression_check", ctypes.c_int32, [patron_schema_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_int32), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_expression_describe: Callable[[patron_expression_p | None, Any, Any], int] = _bind(
            dll, "patron_expression_describe", ctypes.c_int32, [patron_expression_p, ctypes.POINTER(patron_expression_info), ctypes.POINTER(patron_error)])
        self.patron_expression_evaluate: Callable[[patron_expression_p | None, patron_table_p | None, Any, Any, Any, Any], int] = _bind(
            dll, "patron_expression_evaluate", ctypes.c_int32, [patron_expression_p, patron_table_p, ctypes.POINTER(patron_expression_options), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_expression_counts), ctypes.POINTER(patron_error)])
        self.patron_expression_evaluate_row: Callable[[patron_expression_p | None, Any, int, Any, Any, Any], int] = _bind(
            dll, "patron_expression_evaluate_row", ctypes.c_int32, [patron_expression_p, ctypes.POINTER(patron_cell), ctypes.c_uint64, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(patron_cell), ctypes.POINTER(patron_error)])
        self.patron_expression_explain: Callable[[patron_expression_p | None, Any, int, Any, Any, Any, Any, Any, Any], int] = _bind(
            dll, "patron_expression_explain", ctypes.c_int32, [patron_expression_p, ctypes.POINTER(patron_cell), ctypes.c_uint64, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(patron_explanation), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_expression_breakpoints: Callable[[patron_expression_p | None, Any, int, int, Any, Any, Any, Any], int] = _bind(
            dll, "patron_expression_breakpoints", ctypes.c_int32, [patron_expression_p, ctypes.POINTER(patron_cell), ctypes.c_uint64, ctypes.c_int64, ctypes.POINTER(patron_breakpoints), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_expression_to_sql: Callable[[patron_expression_p | None, int, Any, Any, Any], int] = _bind(
            dll, "patron_expression_to_sql", ctypes.c_int32, [patron_expression_p, ctypes.c_int32, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_expression_close: Callable[[patron_expression_p | None], None] = _bind(
            dll, "patron_expression_close", None, [patron_expression_p])
        self.patron_policy_check: Callable[[bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_policy_check", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_policy_format: Callable[[bytes | None, int, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_policy_format", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_policy_parse: Callable[[bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_policy_parse", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_policy_p), ctypes.POINTER(patron_error)])
        self.patron_policy_describe: Callable[[patron_policy_p | None, Any, Any], int] = _bind(
            dll, "patron_policy_describe", ctypes.c_int32, [patron_policy_p, ctypes.POINTER(patron_policy_info), ctypes.POINTER(patron_error)])
        self.patron_policy_to_json: Callable[[patron_policy_p | None, Any, Any], int] = _bind(
            dll, "patron_policy_to_json", ctypes.c_int32, [patron_policy_p, ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_policy_tags: Callable[[patron_policy_p | None, Any, Any], int] = _bind(
            dll, "patron_policy_tags", ctypes.c_int32, [patron_policy_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_policy_classes: Callable[[patron_policy_p | None, Any, Any], int] = _bind(
            dll, "patron_policy_classes", ctypes.c_int32, [patron_policy_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_policy_to_sql: Callable[[patron_policy_p | None, bytes | None, int, int, Any, Any, Any], int] = _bind(
            dll, "patron_policy_to_sql", ctypes.c_int32, [patron_policy_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_int32, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_policy_classify: Callable[[patron_policy_p | None, bytes | None, int, patron_table_p | None, Any, Any, Any, Any], int] = _bind(
            dll, "patron_policy_classify", ctypes.c_int32, [patron_policy_p, ctypes.c_char_p, ctypes.c_uint64, patron_table_p, ctypes.POINTER(patron_expression_options), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_expression_counts), ctypes.POINTER(patron_error)])
        self.patron_policy_close: Callable[[patron_policy_p | None], None] = _bind(
            dll, "patron_policy_close", None, [patron_policy_p])
        self.patron_engine_open: Callable[[patron_policy_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_engine_open", ctypes.c_int32, [patron_policy_p, ctypes.POINTER(patron_engine_options), ctypes.POINTER(patron_engine_p), ctypes.POINTER(patron_error)])
        self.patron_engine_describe: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_describe", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_engine_info), ctypes.POINTER(patron_error)])
        self.patron_engine_measure: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_measure", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_engine_memory), ctypes.POINTER(patron_error)])
        self.patron_engine_find_stream: Callable[[patron_engine_p | None, bytes | None, int], int] = _bind(
            dll, "patron_engine_find_stream", ctypes.c_int32, [patron_engine_p, ctypes.c_char_p, ctypes.c_uint64])
        self.patron_engine_columns: Callable[[patron_engine_p | None, int, Any, Any], int] = _bind(
            dll, "patron_engine_columns", ctypes.c_int32, [patron_engine_p, ctypes.c_int32, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_ingest: Callable[[patron_engine_p | None, bytes | None, int, patron_table_p | None, Any, Any, Any, Any], int] = _bind(
            dll, "patron_engine_ingest", ctypes.c_int32, [patron_engine_p, ctypes.c_char_p, ctypes.c_uint64, patron_table_p, ctypes.POINTER(patron_ingest_options), ctypes.POINTER(patron_ingest_report), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_add: Callable[[patron_engine_p | None, int, Any, int, Any, Any, Any, Any], int] = _bind(
            dll, "patron_engine_add", ctypes.c_int32, [patron_engine_p, ctypes.c_int32, ctypes.POINTER(patron_event), ctypes.c_uint64, ctypes.POINTER(patron_ingest_options), ctypes.POINTER(patron_ingest_report), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_set_attributes: Callable[[patron_engine_p | None, patron_table_p | None, Any, Any, Any, Any], int] = _bind(
            dll, "patron_engine_set_attributes", ctypes.c_int32, [patron_engine_p, patron_table_p, ctypes.POINTER(patron_ingest_options), ctypes.POINTER(patron_ingest_report), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_delete: Callable[[patron_engine_p | None, bytes | None, int, patron_table_p | None, Any, Any, Any, Any], int] = _bind(
            dll, "patron_engine_delete", ctypes.c_int32, [patron_engine_p, ctypes.c_char_p, ctypes.c_uint64, patron_table_p, ctypes.POINTER(patron_ingest_options), ctypes.POINTER(patron_ingest_report), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_advance: Callable[[patron_engine_p | None, int, Any, Any], int] = _bind(
            dll, "patron_engine_advance", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.POINTER(patron_advance_options), ctypes.POINTER(patron_error)])
        self.patron_engine_transitions: Callable[[patron_engine_p | None, int, int, Any, Any], int] = _bind(
            dll, "patron_engine_transitions", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_int64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_history: Callable[[patron_engine_p | None, int, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_engine_history", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_classes: Callable[[patron_engine_p | None, patron_table_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_classes", ctypes.c_int32, [patron_engine_p, patron_table_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_history_table: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_history_table", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_profiles: Callable[[patron_engine_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_engine_profiles", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_profiles_options), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_profile: Callable[[patron_engine_p | None, int, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_engine_profile", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_explain: Callable[[patron_engine_p | None, int, bytes | None, int, bytes | None, int, bytes | None, int, Any, Any, Any], int] = _bind(
            dll, "patron_engine_explain", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_engine_distribution: Callable[[patron_engine_p | None, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_engine_distribution", ctypes.c_int32, [patron_engine_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_forecast: Callable[[patron_engine_p | None, int, bytes | None, int, Any, Any, Any], int] = _bind(
            dll, "patron_engine_forecast", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_advance_options), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_state_hash: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_state_hash", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_engine_calibrate: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_calibrate", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_calibration_p), ctypes.POINTER(patron_error)])
        self.patron_engine_calibration: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_calibration", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_calibration_p), ctypes.POINTER(patron_error)])
        self.patron_engine_set_calibration: Callable[[patron_engine_p | None, patron_calibration_p | None, Any], int] = _bind(
            dll, "patron_engine_set_calibration", ctypes.c_int32, [patron_engine_p, patron_calibration_p, ctypes.POINTER(patron_error)])
        self.patron_engine_calibrations: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_calibrations", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_summary_for_merge: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_summary_for_merge", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_summaries_merge: Callable[[Any, int, Any, Any], int] = _bind(
            dll, "patron_summaries_merge", ctypes.c_int32, [ctypes.POINTER(patron_str), ctypes.c_uint64, ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_engine_learn: Callable[[patron_engine_p | None, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_engine_learn", ctypes.c_int32, [patron_engine_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_calibration_p), ctypes.POINTER(patron_error)])
        self.patron_calibration_parse: Callable[[bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_calibration_parse", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_calibration_p), ctypes.POINTER(patron_error)])
        self.patron_calibration_to_json: Callable[[patron_calibration_p | None, Any, Any], int] = _bind(
            dll, "patron_calibration_to_json", ctypes.c_int32, [patron_calibration_p, ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_calibration_describe: Callable[[patron_calibration_p | None, Any, Any], int] = _bind(
            dll, "patron_calibration_describe", ctypes.c_int32, [patron_calibration_p, ctypes.POINTER(patron_calibration_info), ctypes.POINTER(patron_error)])
        self.patron_calibration_report: Callable[[patron_calibration_p | None, Any, Any], int] = _bind(
            dll, "patron_calibration_report", ctypes.c_int32, [patron_calibration_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_calibration_close: Callable[[patron_calibration_p | None], None] = _bind(
            dll, "patron_calibration_close", None, [patron_calibration_p])
        self.patron_engine_close: Callable[[patron_engine_p | None], None] = _bind(
            dll, "patron_engine_close", None, [patron_engine_p])
        self.patron_engine_link: Callable[[patron_engine_p | None, int, bytes | None, int, int, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_engine_link", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_link_report), ctypes.POINTER(patron_error)])
        self.patron_engine_link_pairs: Callable[[patron_engine_p | None, patron_table_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_engine_link_pairs", ctypes.c_int32, [patron_engine_p, patron_table_p, ctypes.POINTER(patron_ingest_report), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_unlink: Callable[[patron_engine_p | None, int, bytes | None, int, int, bytes | None, int, Any], int] = _bind(
            dll, "patron_engine_unlink", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_error)])
        self.patron_engine_unlink_pairs: Callable[[patron_engine_p | None, patron_table_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_engine_unlink_pairs", ctypes.c_int32, [patron_engine_p, patron_table_p, ctypes.POINTER(patron_ingest_report), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_claim: Callable[[patron_engine_p | None, patron_table_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_engine_claim", ctypes.c_int32, [patron_engine_p, patron_table_p, ctypes.POINTER(patron_ingest_report), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_key_meetings: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_key_meetings", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_customer_of: Callable[[patron_engine_p | None, int, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_engine_customer_of", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_identity), ctypes.POINTER(patron_error)])
        self.patron_engine_identities: Callable[[patron_engine_p | None, patron_table_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_identities", ctypes.c_int32, [patron_engine_p, patron_table_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_forget: Callable[[patron_engine_p | None, int, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_engine_forget", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(ctypes.c_int32), ctypes.POINTER(patron_error)])
        self.patron_engine_override: Callable[[patron_engine_p | None, int, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_engine_override", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_override), ctypes.POINTER(patron_error)])
        self.patron_engine_clear_override: Callable[[patron_engine_p | None, int, bytes | None, int, bytes | None, int, int, Any], int] = _bind(
            dll, "patron_engine_clear_override", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_int32, ctypes.POINTER(patron_error)])
        self.patron_engine_overrides: Callable[[patron_engine_p | None, int, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_engine_overrides", ctypes.c_int32, [patron_engine_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_snapshot: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_snapshot", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_snapshot_p), ctypes.POINTER(patron_error)])
        self.patron_snapshot_describe: Callable[[patron_snapshot_p | None, Any, Any], int] = _bind(
            dll, "patron_snapshot_describe", ctypes.c_int32, [patron_snapshot_p, ctypes.POINTER(patron_snapshot_info), ctypes.POINTER(patron_error)])
        self.patron_snapshot_classes: Callable[[patron_snapshot_p | None, patron_table_p | None, Any, Any], int] = _bind(
            dll, "patron_snapshot_classes", ctypes.c_int32, [patron_snapshot_p, patron_table_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_snapshot_profiles: Callable[[patron_snapshot_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_snapshot_profiles", ctypes.c_int32, [patron_snapshot_p, ctypes.POINTER(patron_profiles_options), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_snapshot_profile: Callable[[patron_snapshot_p | None, int, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_snapshot_profile", ctypes.c_int32, [patron_snapshot_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_snapshot_distribution: Callable[[patron_snapshot_p | None, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_snapshot_distribution", ctypes.c_int32, [patron_snapshot_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_snapshot_customer_of: Callable[[patron_snapshot_p | None, int, bytes | None, int, Any, Any], int] = _bind(
            dll, "patron_snapshot_customer_of", ctypes.c_int32, [patron_snapshot_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_identity), ctypes.POINTER(patron_error)])
        self.patron_snapshot_identities: Callable[[patron_snapshot_p | None, patron_table_p | None, Any, Any], int] = _bind(
            dll, "patron_snapshot_identities", ctypes.c_int32, [patron_snapshot_p, patron_table_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_snapshot_close: Callable[[patron_snapshot_p | None], None] = _bind(
            dll, "patron_snapshot_close", None, [patron_snapshot_p])
        self.patron_engine_save: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_save", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_buffer_p), ctypes.POINTER(patron_error)])
        self.patron_engine_save_to: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_save_to", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_sink), ctypes.POINTER(patron_error)])
        self.patron_engine_load: Callable[[bytes | None, int, Any, Any, Any], int] = _bind(
            dll, "patron_engine_load", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_engine_options), ctypes.POINTER(patron_engine_p), ctypes.POINTER(patron_error)])
        self.patron_engine_load_with_policy: Callable[[bytes | None, int, patron_policy_p | None, Any, Any, Any], int] = _bind(
            dll, "patron_engine_load_with_policy", ctypes.c_int32, [ctypes.c_char_p, ctypes.c_uint64, patron_policy_p, ctypes.POINTER(patron_engine_options), ctypes.POINTER(patron_engine_p), ctypes.POINTER(patron_error)])
        self.patron_engine_policy: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_policy", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_policy_p), ctypes.POINTER(patron_error)])
        self.patron_engine_publish: Callable[[patron_engine_p | None, patron_policy_p | None, bytes | None, int, Any, Any, Any], int] = _bind(
            dll, "patron_engine_publish", ctypes.c_int32, [patron_engine_p, patron_policy_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_publish_report), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_compare: Callable[[patron_engine_p | None, patron_policy_p | None, bytes | None, int, Any, Any, Any], int] = _bind(
            dll, "patron_engine_compare", ctypes.c_int32, [patron_engine_p, patron_policy_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.POINTER(patron_advance_options), ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_policies: Callable[[patron_engine_p | None, Any, Any], int] = _bind(
            dll, "patron_engine_policies", ctypes.c_int32, [patron_engine_p, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_distribution_at: Callable[[patron_engine_p | None, bytes | None, int, int, Any, Any], int] = _bind(
            dll, "patron_engine_distribution_at", ctypes.c_int32, [patron_engine_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_int64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_engine_migration: Callable[[patron_engine_p | None, bytes | None, int, int, int, Any, Any], int] = _bind(
            dll, "patron_engine_migration", ctypes.c_int32, [patron_engine_p, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_int64, ctypes.c_int64, ctypes.POINTER(patron_table_p), ctypes.POINTER(patron_error)])
        self.patron_arrow_create: Callable[[int, Any, Any], int] = _bind(
            dll, "patron_arrow_create", ctypes.c_int32, [ctypes.c_int32, ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(patron_error)])
        self.patron_arrow_close: Callable[[int, Any], None] = _bind(
            dll, "patron_arrow_close", None, [ctypes.c_int32, ctypes.c_void_p])
        self.patron_python_attach: Callable[[Any, Any], None] = _bind(
            dll, "patron_python_attach", None, [ctypes.c_void_p, ctypes.c_void_p])
        self.patron_python_capsule_destroy: Callable[[Any], None] = _bind(
            dll, "patron_python_capsule_destroy", None, [ctypes.c_void_p])


def _bind(dll: ctypes.CDLL, name: str, result: Any, arguments: list[Any]) -> Any:
    function = dll[name]
    function.restype = result
    function.argtypes = arguments
    return function
