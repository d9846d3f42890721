"""The demo on small files: what it prints, the page it writes, and what it says of files it cannot use."""

import csv
import datetime as dt
import hashlib
import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import kinds
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples" / "python"))

# Customer k of 40 buys k % 4 + 1 times; the first one got something back, and 41 got a free sample.
HEADER = "customer_id,date,amount,quantity"


def lines():
    start = dt.date(2025, 1, 1)
    for k in range(1, 41):
        for n in range(k % 4 + 1):
            yield f"{k},{start + dt.timedelta(days=(k * 7 + n * 31) % 300)},{10 + k * 1.25 + n:.2f},1"
    yield "1,2025-11-30,-5.00,1"
    yield "41,2025-11-30,0,1"
    yield ",2025-11-30,9.99,1"


def by_hand(path):
    """Customers and cents of a file, with nothing but Python."""
    cents = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["customer_id"]:
                amount = round(100 * float(row["amount"]))
                cents[row["customer_id"]] = cents.get(row["customer_id"], 0) + amount
    return cents


def pins(path):
    return {line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")}


def test_the_demo_is_tested_with_what_it_installs():
    tested = pins(ROOT / "bindings" / "python" / "requirements" / "test.txt")
    assert pins(ROOT / "examples" / "python" / "requirements.txt") <= tested


def test_its_help_needs_nothing_but_python():
    bare = [sys.executable, "-I", "-S", "-c", "import sys; sys.path.append(sys.argv.pop(1)); "
            "from customer_base import arguments; arguments.read()"]
    said = subprocess.run([*bare, str(ROOT / "examples" / "python"), "--help"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("usage: ./run demo") and "--time-format" in said.stdout


if kinds.have("altair", "jinja2", "polars", "vl_convert"):
    import demo
    from customer_base import base, flow, orders, river, sources, words

    @pytest.fixture(scope="module")
    def log(tmp_path_factory):
        path = tmp_path_factory.mktemp("orders") / "shop <b>&.csv"
        path.write_text("\n".join([HEADER, *lines()]), encoding="utf-8")
        return path

    @pytest.fixture(scope="module")
    def made(log, tmp_path_factory):
        """The page of the small log and what was printed with it."""
        import contextlib
        import io

        out = tmp_path_factory.mktemp("out") / "page.html"
        with contextlib.redirect_stdout(io.StringIO()) as said:
            assert demo.main([str(log), "--out", str(out), "--currency", "EUR"]) == 0
        return out, said.getvalue()

    def specifications(html):
        found = re.search(r'<script id="charts" type="application/json">(.*?)</script>', html, re.DOTALL)
        return json.loads(found.group(1))

    def rows_of(specification):
        return [row for rows in specification["datasets"].values() for row in rows]

    def test_the_page_loads_nothing_and_is_small(made):
        html = made[0].read_text(encoding="utf-8")
        assert made[0].stat().st_size < 2_000_000
        markup = re.sub(r"<script[^>]*>.*?</script>", "", html, flags=re.DOTALL)
        assert not re.search(r"""(?:src|href|action|data)\s*=\s*["']?\s*(?:[a-z]+:)?//""", markup, re.IGNORECASE)
        assert not re.search(r"@import|url\(|<link|<img|<iframe|<script[^>]*\ssrc", html.split("<script>")[0])
        assert re.findall(r"<script[^>]*>", html) == ["<script>", '<script id="charts" type="application/json">', "<script>"]
        # The browser itself is told to load nothing.
        assert "default-src 'none'" in markup
        assert not re.search(r"https?:", json.dumps(specifications(html)).replace("https://vega.github.io/schema/", ""))

    def test_the_page_speaks_both_languages_everywhere(made):
        html = made[0].read_text(encoding="utf-8")
        assert html.count('<span lang="en">') == html.count('<span lang="zh">') > 50
        assert not re.search(r'<span lang="(en|zh)">\s*</span>', html)
        drawn = specifications(html)
        assert set(drawn) == {"en", "zh"} and set(drawn["en"]) == set(drawn["zh"]) == {"segments", "heat", "pareto"}
        for text in ("Cannot Lose Them", "不可流失客户", "Five things to do", "五项行动"):
            assert text in html

    def test_a_file_name_cannot_add_markup(made):
        html = made[0].read_text(encoding="utf-8")
        assert "shop &lt;b&gt;&amp;.csv" in html and "shop <b>" not in html

    def test_totals_are_those_of_the_file(log, made):
        cents = by_hand(log)
        whole = base.evaluate(orders.read(log))
        assert whole.customers == len(cents) == 41
        assert whole.revenue == sum(cents.values()) == whole.scored.to_polars()["monetary_minor"].sum()
        for groups in (whole.segments, whole.classes):
            assert sum(g.customers for g in groups) == 41
            assert sum(g.revenue for g in groups) == whole.revenue
        # Only who never bought is in no action.
        assert sum(a.customers for a in whole.actions) == 40 == sum(c["customers"] for c in whole.cells)
        html = made[0].read_text(encoding="utf-8")
        assert f"€{sum(cents.values()) / 100:,.0f}" in html and ">41</dd>" in html

    def test_charts_show_the_totals(log, made):
        drawn = specifications(made[0].read_text(encoding="utf-8"))["en"]
        total = sum(by_hand(log).values())
        bars = rows_of(drawn["segments"])
        for kind in ("share of customers", "share of revenue"):
            assert sum(b["share"] for b in bars if b["kind"] == kind) == pytest.approx(1)
        assert sum(int(c["customers"]) for c in rows_of(drawn["heat"])) == 40
        curve = [(p["x"], p["y"]) for p in rows_of(drawn["pareto"]) if "up" in p]
        assert curve[0] == (0, 0) and curve[-1] == pytest.approx((1, 1))
        assert all(a[1] <= b[1] for a, b in zip(curve, curve[1:]))
        best = max(by_hand(log).values())
        assert curve[1][1] == pytest.approx(best / total)  # the first point of 41 customers is one of them

    def test_class_a_is_the_smallest_first_part_with_80_percent(log):
        whole = base.evaluate(orders.read(log))
        worth, inside, total = sorted(by_hand(log).values(), reverse=True), 0, 0
        while total < 0.8 * sum(worth):
            total += worth[inside]
            inside += 1
        assert (whole.classes[0].customers, whole.classes[0].revenue) == (inside, total)

    def stages_by_hand(path, month):
        """The stage of everybody who has come by the beginning of a day: a walk through every midnight."""
        bought, came = {}, {}
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["customer_id"]:
                    day = dt.date.fromisoformat(row["date"])
                    came[row["customer_id"]] = min(day, came.get(row["customer_id"], day))
                    if float(row["amount"]) > 0:
                        bought.setdefault(row["customer_id"], set()).add(day)
        stages = {}
        for customer, day in came.items():
            stage, loyal_until = None, None
            while day <= month:
                days = [d for d in bought.get(customer, ()) if d <= day]
                loyal = sum((day - d).days < 180 for d in days) >= 3
                age = (day - max(days)).days if days else None
                if not days:
                    plain = "prospect"
                elif loyal:
                    plain = "loyal"
                elif len(days) == 1 and age < 60:
                    plain = "new"
                else:
                    plain = "active" if age < 90 else "silent" if age < 270 else "lost"
                if stage == "loyal" and not loyal:
                    loyal_until = loyal_until or day + dt.timedelta(days=14)
                    stage = "loyal" if day < loyal_until else plain
                else:
                    stage, loyal_until = plain, None
                day += dt.timedelta(days=1)
            if stage:
                stages[customer] = stage
        return stages

    def test_the_flow_is_that_of_a_walk_through_every_day(log, made):
        way = flow.replay(base.evaluate(orders.read(log)))
        assert [month.day for month in way.months] == [1] * len(way.months)
        before = None
        for k, month in enumerate(way.months):
            now = stages_by_hand(log, month)
            assert way.standing[k] == Counter(now.values())
            if before:
                assert way.moves[k - 1] == Counter((before[c], now[c]) for c in before)
            before = now
        # Who changes within the 31 days after the last month.
        ends = {c: {before[c]} for c in before}
        for days in range(1, 32):
            for customer, stage in stages_by_hand(log, way.months[-1] + dt.timedelta(days=days)).items():
                ends[customer].add(stage)
        assert way.leaving == sum(len(stages) > 1 for stages in ends.values()) > 0
        html = made[0].read_text(encoding="utf-8")
        assert html.count("<rect") >= sum(map(len, way.standing)) and river.draw(way) in html
        assert "On their way" in made[1] and f"Who changes next: {way.leaving} customers" in made[1]

    def test_a_log_of_a_few_weeks_has_no_flow(tmp_path):
        path = tmp_path / "short.csv"
        path.write_text("customer,date,amount\n1,2026-01-03,5\n2,2026-01-20,7\n", encoding="utf-8")
        assert flow.replay(base.evaluate(orders.read(path))) is None

    def test_every_action_has_its_list_beside_the_page(log, made):
        cents = by_hand(log)
        named = []
        html = made[0].read_text(encoding="utf-8")
        for key in words.ACTIONS:
            path = made[0].parent / "page-lists" / f"{key}.csv"
            with open(path, encoding="utf-8-sig", newline="") as file:
                people = list(csv.DictReader(file))
            assert not people or f'href="page-lists/{key}.csv"' in html
            assert [round(100 * float(p["monetary"])) for p in people] == [cents[p["customer"]] for p in people]
            spent = [float(p["monetary"]) for p in people]
            assert spent == sorted(spent, reverse=True)
            assert {p["segment"] for p in people} <= set(words.ACTIONS[key])
            named += [p["customer"] for p in people]
        assert sorted(named, key=int) == [str(k) for k in range(1, 41)]

    def test_every_segment_is_in_one_action():
        import patron

        named = [segment for segments in words.ACTIONS.values() for segment in segments]
        assert sorted(named) == sorted(patron.segment_table("eleven").names)

    def test_the_terminal_shows_segments_classes_and_refused_rows(log, made):
        said = made[1]
        assert f"41 customers, 100 orders, €{sum(by_hand(log).values()) / 100:,.0f} revenue" in said
        assert "Champions" in said and "thank them in person" in said
        assert re.search(r"^A +\d+ +\d+\.\d % +€[\d,]+ +8\d\.\d %$", said, re.MULTILINE)
        assert "1 row refused: " in said
        assert str(made[0]) in said

    def test_the_terminal_speaks_chinese(log, tmp_path, capsys):
        assert demo.main([str(log), "--language", "zh", "--out", str(tmp_path / "a.html")]) == 0
        said = capsys.readouterr().out
        assert "冠军客户" in said and "五项行动" in said and "Champions" not in said

    def test_prices_times_quantities_are_amounts(tmp_path):
        path = tmp_path / "lines.csv"
        path.write_text(
            "InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
            "536365,6,12/1/2010 8:26,2.55,17850\n536365,2,12/1/2010 8:26,3.39,17850\n"
            "536366,1,12/13/2010 10:00,7.65,13047\n"
        )
        whole = base.evaluate(orders.read(path))
        assert (whole.customers, whole.order_count, whole.revenue) == (2, 2, 1530 + 678 + 765)
        assert whole.last_day == dt.date(2010, 12, 13)

    def test_a_continental_file_is_read(tmp_path):
        path = tmp_path / "shop.csv"
        path.write_text("Customer ID;Date;Amount\nA;1.2.2024;1.234,50\nB;13.2.2024;12,5\n")
        read = orders.read(path).frame
        assert read["amount"].to_list() == [1234.5, 12.5]
        assert read["time"].to_list() == [dt.date(2024, 2, 1), dt.date(2024, 2, 13)]

    def test_who_got_back_more_than_she_paid_counts_as_nothing(tmp_path):
        path = tmp_path / "refunds.csv"
        path.write_text("customer,date,amount\n1,2025-01-01,10\n1,2025-01-02,-30\n2,2025-01-03,100\n3,2025-01-04,20\n")
        whole = base.evaluate(orders.read(path))
        assert (whole.revenue, whole.below_zero) == (10000, 1)
        # Of 120.00 the first customer brings 83.3 %, so she alone is A.
        assert whole.classes[0].customers == 1 and whole.class_ends[0][2] == pytest.approx(100 / 120)

    @pytest.mark.parametrize(
        ("text", "options", "message"),
        [
            ("", [], "the file is empty"),
            ("customer,date,amount\n", [], "a header line, but no order below it"),
            ("who,date,amount\n1,2025-01-01,5\n", [], "no column looks like the customer ids; name it with --customer COLUMN.*who, date, amount"),
            ("customer,when,amount\n1,2025-01-01,5\n", [], "no column looks like the dates; name it with --time"),
            ("customer,date,how\n1,2025-01-01,5\n", [], "no column looks like the amounts; name it with --amount"),
            ("customer,date,amount\n1,2025-01-01,5\n", ["--amount", "paid"], "--amount paid: there is no such column; the columns are customer, date, amount"),
            ("customer,date,amount\n1,2025-01-01,5\n2,2025-01-01,five\n", [], 'line 3: "five" in the column "amount" is no amount'),
            ("customer;date;amount\n1;2025-01-01;30\n1;2025-01-02;3,75\n2;2025-01-03;12.50\n", [], 'line 4: "12.50" in the column "amount" has a decimal point, but "3,75" in line 3'),
            ("customer,date,amount\n1,soon,5\n", [], 'line 2: "soon" in the column "date" is no date'),
            ("customer,date,amount\n1,01/02/2025,5\n", [], "can be read in two ways.*--time-format"),
            ("customer,date,amount\n1,7-3-2025,5\n", ["--time-format", "%d.%m.%Y"], 'does not read as "%d.%m.%Y"'),
            ("customer,date,amount\n1,2025-01-01,5\n", ["--encoding", "klingon"], "there is no such encoding"),
            ("customer,date,amount\n1,2025-01-01,5,6\n", [], "this is no CSV file with a header line"),
            ("customer,date,amount\n1,2025-01-01,\n", [], "no amount is above zero"),
            ("customer,date,amount\n1,2025-01-01,0\n", [], "no amount is above zero"),
            ("customer,date,amount\n1,2025-01-01,5\n1,2025-01-02,-5\n", [], "sum to 0: there is no revenue"),
            ("customer,date,amount\n1,2025-01-01,5\n", ["--as-of", "2024-01-01"], "as_of"),
        ],
    )  # fmt: skip
    def test_a_file_that_cannot_be_used_is_refused_with_a_reason(text, options, message, tmp_path, capsys):
        path = tmp_path / "orders.csv"
        path.write_text(text)
        out = tmp_path / "out" / "page.html"
        assert demo.main([str(path), "--out", str(out), *options]) == 1
        said = capsys.readouterr().err
        assert re.search(message, said), said
        assert not out.exists()

    def test_a_file_in_another_encoding_is_refused_until_it_is_named(tmp_path, capsys):
        path = tmp_path / "orders.csv"
        path.write_bytes("客户编号,下单时间,实付金额\n甲,2025/1/5 10:00,¥35.50\n".encode("gb18030"))
        assert demo.main([str(path), "--out", str(tmp_path / "a.html")]) == 1
        assert "line 1: byte 0 is no UTF-8" in capsys.readouterr().err
        assert demo.main([str(path), "--encoding", "gb18030", "--out", str(tmp_path / "a.html")]) == 0

    def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
        assert demo.main([str(tmp_path / "none.csv")]) == 1
        assert "none.csv: No such file or directory" in capsys.readouterr().err

    def test_the_wheel_is_read_as_an_archive(tmp_path, monkeypatch):
        path = tmp_path / sources.WHEEL
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(sources.MEMBER, " id date cds dollars\n 00001 19970101  1   11.77\n 00002 19970112  5   77.00\n")
            archive.writestr("lifetimes/__init__.py", "raise SystemExit('nobody imports this')")
        monkeypatch.setattr(sources, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
        log, remarks = sources.default_orders(tmp_path, tmp_path / "none.csv")
        assert log.frame.rows() == [(1, dt.date(1997, 1, 1), 11.77), (2, dt.date(1997, 1, 12), 77.0)]
        assert remarks == [] and "lifetimes" not in sys.modules

    def test_a_wheel_with_another_hash_is_not_opened(tmp_path):
        path = tmp_path / sources.WHEEL
        path.write_bytes(b"something else")
        log, remarks = sources.default_orders(tmp_path, tmp_path / "none.csv")
        assert not path.exists()
        assert "is not the file that was expected" in remarks[0] and "SIMULATED" in remarks[-1]
        assert log.source == "simulated"

    def test_simulated_orders_are_the_same_every_time_and_named_so(tmp_path, monkeypatch, capsys):
        once, twice = sources.simulated(50), sources.simulated(50)
        assert once.frame.equals(twice.frame) and once.frame["customer"].n_unique() == 50
        monkeypatch.setattr(sources, "fetch", lambda cache: (_ for _ in ()).throw(sources.NotThere("no network")))
        monkeypatch.setattr(sources, "from_folder", lambda path: (_ for _ in ()).throw(sources.NotThere("no folder")))
        out = tmp_path / "a.html"
        assert demo.main(["--out", str(out)]) == 0
        said = capsys.readouterr().out
        assert "SIMULATED orders" in said and "SIMULATED ORDERS" in said
        assert "SIMULATED ORDERS" in out.read_text(encoding="utf-8")

    def test_the_cdnow_log_beside_the_project_is_read(data):
        whole = base.evaluate(sources.from_folder(data / "cdnow" / "orders.csv"))
        # 69,659 orders and 23,570 customers are the published numbers; 80 orders are of amount zero.
        assert (whole.scored.rows, whole.customers, whole.order_count) == (69_659, 23_570, 69_579)
