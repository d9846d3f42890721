"""Orders from a CSV file: finds the columns by their names, and says clearly what it cannot read."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

# What columns are called, most telling first; compared without case, blanks and underscores.
NAMES = {
    "customer": (
        "customerid customer clientid client userid user buyerid buyer memberid member householdid "
        "household accountid account custid contactid email 客户id 客户编号 客户 会员id 会员号 会员 用户id 用户"
    ),
    "time": (
        "orderdate ordertime date datetime timestamp time purchasedate transactiondate invoicedate "
        "createdat created paidat day 下单时间 下单日期 订单日期 购买日期 日期 时间"
    ),
    "amount": (
        "amount total ordertotal totalamount totalprice revenue sales salesvalue value ordervalue paid "
        "spend monetary dollarvalue grandtotal 实付金额 订单金额 总金额 金额 销售额"
    ),
    "order": "orderid order ordernumber orderno invoiceno invoice invoiceid basketid transactionid "
    "receiptid 订单号 订单编号",
    "quantity": "quantity qty units count 数量",
    "price": "unitprice price itemprice 单价",
}
TIME_FORMATS = {
    "%Y%m%d": r"\d{8}",
    "%Y/%m/%d": r"\d{4}/\d{1,2}/\d{1,2}",
    "%Y/%m/%d %H:%M": r"\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d{2}",
    "%Y/%m/%d %H:%M:%S": r"\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d{2}:\d{2}",
    "%d.%m.%Y": r"\d{1,2}\.\d{1,2}\.\d{4}",
    "%d.%m.%Y %H:%M": r"\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}",
    "%m/%d/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%d/%m/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%m/%d/%Y %H:%M": r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}",
    "%d/%m/%Y %H:%M": r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}",
}
ISO = re.compile(r"\s*\d{4}-\d{2}-\d{2}")


class OrdersError(Exception):
    """The file cannot be used; the message says why and what would be right."""


@dataclass(frozen=True)
class Columns:
    """Which column holds what; None: the file has no such column."""

    customer: str
    time: str
    amount: str | None
    order: str | None = None
    quantity: str | None = None
    price: str | None = None


@dataclass(frozen=True)
class Orders:
    """Rows with the columns ``customer``, ``time``, ``amount`` and, where there is one, ``order``."""

    frame: pl.DataFrame
    source: str
    columns: str
    currency: str = ""

    @property
    def has_order_ids(self) -> bool:
        return "order" in self.frame.columns


def read(
    path: Path,
    chosen: dict[str, str | None] | None = None,
    time_format: str | None = None,
    encoding: str | None = None,
    currency: str = "",
) -> Orders:
    """The orders of a CSV file.

    Parameters
    ----------
    path : Path
        A file with a header line; fields are separated by a comma, semicolon, tab or bar.
    chosen : dict, optional
        Columns by role (customer, time, amount, order) that are not to be guessed.
    time_format : str, optional
        As `strptime` takes it, such as ``"%d/%m/%Y"``; ISO 8601 needs none.
    encoding : str, optional
        Such as ``"gb18030"``; default UTF-8.
    currency : str
        For display only, such as ``"EUR"``.

    Raises
    ------
    OrdersError
        What is wrong with the file.
    """
    text = _text(path, encoding)
    header = text.split("\n", 1)[0]
    separator = max(",;\t|", key=header.count)
    try:
        frame = pl.read_csv(io.BytesIO(text.encode()), separator=separator, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise OrdersError(f"{path}: this is no CSV file with a header line: {_first_line(error)}") from None
    frame = frame.rename({name: name.strip() for name in frame.columns})
    if frame.height == 0:
        raise OrdersError(f"{path}: there is a header line, but no order below it")
    columns = find_columns(frame.columns, chosen or {}, path)
    time = _times(frame[columns.time], time_format, path)
    amount, meaning = _amounts(frame, columns, path)
    wanted = {"customer": _ids(frame[columns.customer]), "time": time, "amount": amount}
    said = f"customer = {columns.customer}, time = {columns.time}, amount = {meaning}"
    if columns.order:
        wanted["order"] = _ids(frame[columns.order])
        said += f", order = {columns.order}"
    return Orders(pl.DataFrame(wanted), path.name, said, currency)


def find_columns(names: list[str], chosen: dict[str, str | None], path: Path) -> Columns:
    """The columns chosen by the user, the others by their names."""
    known = {_plain(name): name for name in reversed(names)}
    found: dict[str, str | None] = {}
    for role, words in NAMES.items():
        name = chosen.get(role)
        if name is not None and name not in names:
            raise OrdersError(f"{path}: --{role} {name}: there is no such column; {_there_are(names)}")
        found[role] = name or next((known[w] for w in words.split() if w in known), None)
    for role, what in (("customer", "customer ids"), ("time", "dates"), ("amount", "amounts")):
        priced = role == "amount" and found["price"] and found["quantity"]
        if found[role] is None and not priced:
            raise OrdersError(
                f"{path}: no column looks like the {what}; name it with --{role} COLUMN; {_there_are(names)}"
            )
    return Columns(**found)  # type: ignore[arg-type]


def _text(path: Path, encoding: str | None) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise OrdersError(f"{path}: {error.strerror or error}") from None
    try:
        text = raw.decode(encoding or "utf-8-sig").replace("\r\n", "\n")
    except LookupError:
        raise OrdersError(f'--encoding {encoding}: there is no such encoding; try "gb18030" or "cp1252"') from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise OrdersError(
            f"{path}, line {line}: byte {error.start} is no {encoding or 'UTF-8'}; save the file as UTF-8, or "
            "name its encoding, such as --encoding gb18030 or --encoding cp1252"
        ) from None
    if not text.strip():
        raise OrdersError(f"{path}: the file is empty")
    return text


def _amounts(frame: pl.DataFrame, columns: Columns, path: Path) -> tuple[pl.Series, str]:
    if columns.amount is not None:
        return _numbers(frame[columns.amount], path), columns.amount
    assert columns.quantity is not None and columns.price is not None
    price, quantity = (_numbers(frame[c], path) for c in (columns.price, columns.quantity))
    return price * quantity, f"{columns.quantity} x {columns.price}"


def _numbers(texts: pl.Series, path: Path) -> pl.Series:
    """Numbers; an empty cell stays null (patron refuses and counts it), other text is an error."""
    plain = texts.str.replace_all(r"[\s$€£¥￥]", "")
    # 1.234,50 and 1234,5 are read as continental; 12.50 beside them would become 1250.
    continental = plain.str.contains(r"^-?\d{1,3}(\.\d{3})*,\d{1,2}$|^-?\d+,\d{1,2}$").fill_null(False)
    if continental.any():
        against = plain.str.contains(r"\.\d{1,2}$|\.\d{4,}$|,.*\.").fill_null(False)
        if against.any():
            one, other = continental.arg_true()[0], against.arg_true()[0]
            raise OrdersError(
                f'{path}, line {other + 2}: "{texts[other]}" in the column "{texts.name}" has a decimal point, but '
                f'"{texts[one]}" in line {one + 2} has a decimal comma; write all amounts one way'
            )
        plain = plain.str.replace_all(".", "", literal=True).str.replace_all(",", ".", literal=True)
    else:
        plain = plain.str.replace_all(r"(\d),(\d{3})", "${1}${2}")
    plain = plain.set(plain == "", None)
    numbers = plain.cast(pl.Float64, strict=False)
    wrong = plain.is_not_null() & numbers.is_null()
    if wrong.any():
        row = wrong.to_list().index(True)
        raise OrdersError(
            f'{path}, line {row + 2}: "{texts[row]}" in the column "{texts.name}" is no amount; '
            "amounts are numbers such as 12.50"
        )
    return numbers


def _times(texts: pl.Series, time_format: str | None, path: Path) -> pl.Series:
    """ISO 8601 text goes to patron as it is; other forms become time stamps here."""
    texts = texts.str.strip_chars()
    if time_format:
        return _parsed(texts, time_format, path)
    some = texts.drop_nulls().head(1000)
    if some.len() == 0 or ISO.match(some[0]):
        return texts
    fitting = [
        form
        for form, shape in TIME_FORMATS.items()
        if some.str.contains(f"^(?:{shape})$").all() and _parse(texts, form).null_count() == texts.null_count()
    ]
    if len(fitting) == 1:
        return _parsed(texts, fitting[0], path)
    if fitting:
        raise OrdersError(
            f'{path}: "{some[0]}" in the column "{texts.name}" can be read in two ways; say which: '
            + " or ".join(f'--time-format "{form}"' for form in fitting)
        )
    raise OrdersError(
        f'{path}, line 2: "{some[0]}" in the column "{texts.name}" is no date; write 2026-01-31 or '
        '2026-01-31T09:30:00, or say how to read it, such as --time-format "%d-%b-%Y"'
    )


def _parse(texts: pl.Series, form: str) -> pl.Series:
    kind = pl.Datetime("us") if "%H" in form else pl.Date
    return texts.str.strptime(kind, form, strict=False)


def _parsed(texts: pl.Series, form: str, path: Path) -> pl.Series:
    try:
        times = _parse(texts, form)
    except pl.exceptions.PolarsError as error:
        raise OrdersError(f'--time-format "{form}": {_first_line(error)}') from None
    wrong = texts.is_not_null() & (texts != "") & times.is_null()
    if wrong.any():
        row = wrong.to_list().index(True)
        raise OrdersError(
            f'{path}, line {row + 2}: "{texts[row]}" in the column "{texts.name}" does not read as "{form}"'
        )
    return times


def _ids(texts: pl.Series) -> pl.Series:
    """Ids as int64 where all of them are plain whole numbers, else as text."""
    texts = texts.str.strip_chars()
    texts = texts.set(texts == "", None)
    plain = texts.drop_nulls().str.contains(r"^(?:0|[1-9]\d{0,17})$").all()
    return texts.cast(pl.Int64) if plain else texts


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-.]", "", name).lower()


def _there_are(names: list[str]) -> str:
    shown = ", ".join(names[:12])
    return f"the columns are {shown}" + (", ..." if len(names) > 12 else "")


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
