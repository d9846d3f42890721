"""Policies from Python: what is said of them, and what they hold."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import patron
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "policies"
NAMES = ("b2b", "baby", "bank", "ecommerce", "grocery", "music", "retail")


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_policies_are_sound_from_a_path_a_text_and_a_dict(name: str) -> None:
    path = FOLDER / f"{name}.json"
    text = path.read_text(encoding="utf-8")
    policies = [patron.Policy(path), patron.Policy(text), patron.Policy(json.loads(text))]
    assert len({policy.hash for policy in policies}) == 1
    for policy in policies:
        assert policy.name == name
        assert not policy.check().errors
    again = patron.Policy(policies[0].to_json())
    assert again.hash == policies[0].hash and again.to_json() == policies[0].to_json()


def test_tags_and_classes_are_tables() -> None:
    retail = patron.Policy(FOLDER / "retail.json")
    types = dict(zip(retail.tags["name"], retail.tags["type"], strict=True))
    assert types["spend_12m"] == "money" and types["audiences"] == "enum_set"
    assert types["rfm.r"] == "int64" and types["purchase_cycle"] == "duration"
    labels = dict(zip(retail.tags["name"], retail.tags["label"], strict=True))
    assert labels["purchase_cycle"] == "购买周期"
    reads = dict(zip(retail.tags["name"], retail.tags["reads"], strict=True))
    assert reads["complaint_rate"] == "complaints_12m orders_12m"
    tier = [c for k, c in zip(retail.classes["classification"], retail.classes["class"], strict=True)
            if k == "tier"]
    assert tier == ["A", "B", "C"]


def test_findings_have_places_and_print_like_a_compiler() -> None:
    text = '{"patron": 1, "name": "x",\n "attributes": {"a": {"type": "int64"}},\n' \
           ' "tags": [{"name": "b", "expression": "a + c > 1"}]}'
    findings = patron.Policy(text).check()
    assert len(findings) == len(findings.errors) == 1 and not findings.warnings
    finding = findings[0]
    assert finding.pointer == "/tags/0/expression"
    assert finding.span is not None
    start = text.index("a + c") + finding.span[0]
    assert text[start:start + finding.span[1] - finding.span[0]] == "c"
    shown = str(findings).splitlines()
    assert shown[0].startswith("<policy>:3:44: error: /tags/0/expression: ")
    assert shown[1][shown[2].index("^")] == "c"


def test_a_policy_with_errors_can_be_asked_what_is_wrong_and_nothing_else() -> None:
    policy = patron.Policy({"patron": 1, "name": "x", "tags": [{"name": "a"}]})
    assert policy.check().errors
    for ask in (lambda: policy.tags, lambda: policy.hash, policy.to_json, lambda: policy.to_sql("a")):
        with pytest.raises(patron.PolicyError, match="has no source"):
            ask()
    assert "with errors" in repr(policy)
    with pytest.raises(patron.ArgumentError, match="give a path, the text of a policy, or a dict"):
        patron.Policy(12)  # type: ignore[arg-type]
    broken = patron.Policy("{").check()
    assert broken[0].code == "syntax"


def test_what_is_no_document_is_a_finding_and_what_cannot_be_read_an_error(tmp_path: Path) -> None:
    path = tmp_path / "latin.json"
    path.write_bytes(b'{"patron": 1, "name": "caf\xe9"}')
    (finding,) = patron.Policy(path).check()
    assert finding.severity == "error" and finding.offset == 26
    assert str(patron.Policy(path).check()).startswith(f"{path}:1:27: error: ")
    assert patron.Policy('{"patron": 1, "name": "\ud800"}').check().errors
    assert patron.Policy("").check()[0].code == "syntax"
    assert patron.Policy({"patron": 1, "name": "x", "tags": float("nan")}).check().errors
    path.write_bytes(b" " * (64 << 20))
    assert [one.code for one in patron.Policy(path).check()] == ["limit"]
    with pytest.raises(patron.IoError, match="No such file"):
        patron.Policy(tmp_path / "none.json")
    with pytest.raises(patron.IoError):
        patron.Policy(tmp_path)
    loop: dict[str, object] = {}
    loop["loop"] = loop
    for source in (loop, {"a": {1, 2}}, {(1, 2): 3}, b"{}", None):
        with pytest.raises(patron.ArgumentError, match="source"):
            patron.Policy(source)  # type: ignore[arg-type]


def test_sql_says_what_a_customer_without_history_is_called() -> None:
    duckdb = pytest.importorskip("duckdb")
    shop = patron.Policy({
        "patron": 1, "name": "shop", "attributes": {"spend": {"type": "double"}, "vip": {"type": "bool"}},
        "classifications": [
            {"name": "tier", "kind": "ladder", "classes": [
                {"name": "gold", "enter": "spend >= 1000 || vip"}, {"name": "it's silver", "enter": "spend >= 10"},
                {"name": "guest"}]},
            {"name": "audiences", "kind": "flags", "classes": [{"name": "rich", "enter": "spend > 500"}]}]})
    customers = "(VALUES (2000.0, NULL), (NULL, TRUE), (NULL, NULL), (20.0, FALSE), (600.0, NULL)) AS t(spend, vip)"
    tiers = duckdb.sql(f"SELECT {shop.to_sql('tier')} FROM {customers}").fetchall()
    assert [row[0] for row in tiers] == ["gold", "gold", "guest", "it's silver", "it's silver"]
    rich = duckdb.sql(f"SELECT {shop.to_sql('audiences')} FROM {customers}").fetchall()
    assert [row[0] for row in rich] == [True, False, False, False, True]
    with pytest.raises(patron.ArgumentError, match="dialect"):
        shop.to_sql("tier", "oracle")  # type: ignore[arg-type]
    with pytest.raises(patron.ArgumentError, match="dialect"):
        shop.to_sql("tier", ["duckdb"])  # type: ignore[arg-type]
    with pytest.raises(patron.ArgumentError, match='did you mean "tier"'):
        shop.to_sql("teer")


TIERS = {
    "patron": 1, "name": "shop", "timezone": "Europe/Berlin", "money": {"currency": "EUR", "scale": 2},
    "attributes": {"spend": {"type": "money"}, "vip": {"type": "bool"}, "seen": {"type": "timestamp"},
                   "region": {"type": "enum", "values": ["north", "south"]}},
    "classifications": [
        {"name": "tier", "kind": "ladder", "classes": [
            {"name": "gold", "enter": "spend >= 1000 || vip"}, {"name": "silver", "enter": "spend >= 200"},
            {"name": "guest"}]},
        {"name": "stage", "kind": "first_match", "classes": [
            {"name": "new", "enter": "age(seen) < days(7)"}, {"name": "north", "enter": "region == 'north'"}]},
        {"name": "marks", "kind": "flags", "classes": [{"name": "rich", "enter": "spend > 500"},
                                                       {"name": "vip", "enter": "vip"}]},
        {"name": "bands", "kind": "bands", "of": "spend", "cuts": [1], "classes": ["l", "h"]}]}

CUSTOMERS = {"spend": [1500, 300.5, None, 999.99, 0], "vip": [None, False, False, True, None],
             "seen": ["2026-02-27", "2026-01-01", None, "2026-02-27", "2020-01-01"],
             "region": ["north", "north", "south", None, "noth"]}


def test_customers_are_classified_in_one_pass() -> None:
    policy = patron.Policy(TIERS)
    for customers in (CUSTOMERS, patron.Table.from_dict(CUSTOMERS) if hasattr(patron.Table, "from_dict") else CUSTOMERS):
        tier = policy.classify(customers, "tier")
        assert tier["class"].to_list() == ["gold", "silver", "guest", "gold", "guest"]
        assert tier["held"].to_list() == [3, 2, 0, 3, 0]
        assert tier["unknown"].to_list() == [0, 0, 3, 0, 1]
        assert tier.unknown_rows == 2 and "2 unknown" in repr(tier)
    stage = policy.classify(CUSTOMERS, "stage", now="2026-03-01")
    assert stage["class"].to_list() == ["new", "north", None, "new", None]
    assert stage["unknown"].to_list() == [0, 0, 1, 2, 2] and stage.bad_cells == 1
    marks = policy.classify(CUSTOMERS, "marks", threads=1)
    assert marks.columns == ["held", "unknown"]
    assert marks["held"].to_list() == [1, 0, 0, 3, 0]


def test_a_classification_is_what_its_conditions_are_one_by_one() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    spend = [None if i % 7 == 0 else (i * 37) % 1500 for i in range(5000)]
    vip = [None if i % 5 == 0 else i % 3 == 0 for i in range(5000)]
    table = pyarrow.table({"spend": pyarrow.array(spend, pyarrow.int64()), "vip": pyarrow.array(vip)}).slice(3, 4900)
    schema = patron.Schema({"spend": "money", "vip": "bool"}, currency="EUR")
    conditions = [patron.Expression(text, schema).evaluate(table)["value"].to_list()
                  for text in ("spend >= 1000 || vip", "spend >= 200")]
    tier = patron.Policy(TIERS).classify(table, "tier")
    for row, (gold, silver) in enumerate(zip(*conditions, strict=True)):
        assert tier["class"][row] == ("gold" if gold else "silver" if silver else "guest")
        assert tier["held"][row] == bool(gold) + 2 * bool(silver)
        assert tier["unknown"][row] == (gold is None) + 2 * (silver is None)


def test_what_cannot_be_classified_is_said() -> None:
    policy = patron.Policy(TIERS)
    with pytest.raises(patron.ArgumentError, match='did you mean "tier"'):
        policy.classify(CUSTOMERS, "teir")
    with pytest.raises(patron.ArgumentError, match="ladder, first_match and flags are made of conditions alone"):
        policy.classify(CUSTOMERS, "bands")
    with pytest.raises(patron.ArgumentError, match="speaks of now"):
        policy.classify(CUSTOMERS, "stage")
    with pytest.raises(patron.DataError, match='"?vip'):
        policy.classify({"spend": [1]}, "tier")
    with pytest.raises(patron.ArgumentError, match="classification=12"):
        policy.classify(CUSTOMERS, 12)  # type: ignore[arg-type]
    with pytest.raises(patron.ArgumentError, match="now="):
        policy.classify(CUSTOMERS, "stage", now=12)
    with pytest.raises(patron.ArgumentError, match="now="):
        policy.to_sql("stage", now=12)  # type: ignore[arg-type]
    with pytest.raises(patron.ArgumentError, match="threads"):
        policy.classify(CUSTOMERS, "tier", threads=-1)
    with pytest.raises(patron.Error):
        policy.classify(5, "tier")


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "patron", *arguments], input=stdin,
                          capture_output=True, check=False)


def test_the_command_line_checks_files(tmp_path: Path) -> None:
    good = run("check", str(FOLDER / "baby.json"))
    assert good.returncode == 0 and b"sound" in good.stdout
    assert run("check", "--quiet", str(FOLDER / "baby.json")).stdout == b""
    bad = tmp_path / "bad.json"
    bad.write_text('{"patron": 1, "nam": "消费"}', encoding="utf-8")
    found = run("check", str(FOLDER / "baby.json"), str(bad))
    assert found.returncode == 1
    shown = found.stdout.decode()
    assert f"{bad}:1:15: error: /nam: " in shown and 'did you mean "name"' in shown
    assert '\n  {"patron": 1, "nam": "消费"}\n                ^' in shown
    missing = run("check", str(tmp_path / "none.json"), str(bad))
    assert missing.returncode == 2 and b"none.json: No such file" in missing.stderr
    assert b'did you mean "name"' in missing.stdout
    assert run("check").returncode == 2 and run().returncode == 2


def test_a_reader_who_goes_changes_no_exit_status(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"patron": 1, "nam": "x"}', encoding="utf-8")
    for file, status in ((FOLDER / "baby.json", 0), (bad, 1)):
        command = [sys.executable, "-m", "patron", "check", *[str(file)] * 3]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()
        assert (process.wait(), complaint) == (status, b"")
        process.stderr.close()


def test_warnings_fail_the_command_line_where_that_is_asked_for(tmp_path: Path) -> None:
    text = b"""{"patron": 1, "name": "x", "attributes": {"n": {"type": "int64"}},
        "tags": [{"name": "half", "expression": "n / 2"}]}"""
    assert run("check", "-", stdin=text).returncode == 0
    strict = run("check", "--strict", "-", stdin=text)
    assert strict.returncode == 1 and strict.stdout.startswith(b"<stdin>:2:50: warning: ")
    note = text.replace(b'"tags": [{"name": "half", "expression": "n / 2"}]',
                        b'"classifications": [{"name": "t", "kind": "ladder", "classes": ['
                        b'{"name": "a", "enter": "n > 5"}, {"name": "b"}]}]')
    noted = run("check", "--strict", "-", stdin=note)
    assert noted.returncode == 0 and b": note: " in noted.stdout
    assert run("check", "-", stdin=b"\xff\xfe{}").returncode == 1


def test_a_policy_is_shared_between_threads() -> None:
    policy = patron.Policy(FOLDER / "retail.json")
    expected = (policy.hash, policy.to_json(), policy.to_sql("tier"), list(policy.tags["name"]))
    with ThreadPoolExecutor(4) as pool:
        ask = [pool.submit(lambda: (policy.hash, policy.to_json(), policy.to_sql("tier"),
                                    list(policy.tags["name"]))) for _ in range(100)]
        assert all(one.result() == expected for one in ask)


def schema_validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((FOLDER.parents[1] / "docs" / "policy.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_schema_takes_the_policies_and_knows_the_keys() -> None:
    validator = schema_validator()
    for name in NAMES:
        document = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        assert validator.is_valid(document), name
        assert not validator.is_valid({**document, "timezon": "UTC"})


#: What a schema can see of the broken variants of tests/policy/broken_test.cc: keys, types and words.
SEEN = {"unknown_key", "version"}


def broken_variants() -> list[tuple[str, str, str, str]]:
    """(policy, from, to, code) of each row of the table."""
    source = (FOLDER.parents[1] / "tests" / "policy" / "broken_test.cc").read_text(encoding="utf-8")
    table = source[source.index("faults() {"):source.index("TEST(BrokenPolicy")]
    text = r'"(?:[^"\\]|\\.)*"'
    joined = re.sub(rf"({text})\s*\n?\s*(?={text})", lambda m: m.group(1)[:-1] + "\0", table).replace('\0"', "")
    rows = re.findall(rf"\{{({text}), ({text}),\s*({text}),\s*({text}),\s*({text}),\s*({text})\}}",
                      re.sub(r"\s*\n\s*", " ", joined))
    return [tuple(json.loads(one) for one in row[:4]) for row in rows]  # type: ignore[misc]


def test_the_schema_refuses_what_it_can_see_of_the_broken_policies() -> None:
    validator = schema_validator()
    variants = broken_variants()
    assert len(variants) >= 60
    refused = 0
    for name, old, new, code in variants:
        text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
        assert old in text, (name, old)
        broken = text.replace(old, new, 1)
        try:
            document = json.loads(broken)
        except json.JSONDecodeError:
            continue
        assert patron.Policy(broken).check().errors, (name, new)
        invalid = not validator.is_valid(document)
        refused += invalid
        if code in SEEN:
            assert invalid, (name, new, code)
    assert refused >= 25
