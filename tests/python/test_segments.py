"""Segment tables through Python: names, rows, JSON, and what lint says."""

import itertools

import pytest

import patron

# The last row of the comparison of published tables: cells, gaps, overlaps, rows that are hidden.
PUBLISHED = [
    ("eleven", 125, 0, 0, []),
    ("putler", 45, 0, 30, ["New / Recent", "Promising", "Cannot Lose Them", "Lost"]),
    ("rfm_r_0_2", 125, 36, 39, ["New / Recent", "Promising", "Cannot Lose Them"]),
    ("rfm_r_0_3", 125, 10, 58, None),
    ("regex", 25, 0, 0, []),
]


@pytest.mark.parametrize(("name", "cells", "gaps", "overlaps", "hidden"), PUBLISHED)
def test_lint_counts_what_the_published_tables_get_wrong(name, cells, gaps, overlaps, hidden):
    lint = patron.segment_table(name).lint()
    assert (lint.cells, lint.gaps, lint.overlaps) == (cells, gaps, overlaps)
    assert lint.exact_partition == (gaps == overlaps == 0)
    if hidden is not None:
        assert lint.unreachable == hidden
    kinds = lint.findings["kind"].to_list()
    assert (kinds.count("gap"), kinds.count("overlap")) == (gaps, overlaps)
    assert kinds.count("unreachable") == len(lint.unreachable)


def test_the_eleven_segments_are_the_published_codes():
    eleven = patron.segment_table("eleven")
    codes = {
        "Champions": "555 554 544 545 454 455 445",
        "Loyal": "543 444 435 355 354 345 344 335",
        "Cannot Lose Them": "155 154 144 214 215 115 114 113",
        "Lost": "111 112 121 131 141 151",
    }
    for name, text in codes.items():
        got = [
            f"{r}{f}{m}"
            for r, f, m in itertools.product(range(1, 6), repeat=3)
            if eleven.segment_of(r, f, m) == name
        ]
        assert got == sorted(text.split())


def test_rows_of_ones_own_are_tested_in_order():
    table = patron.segment_table(
        [
            {"name": "Stars", "r": [4, 5], "f": [4, 5], "label_zh": "明星"},
            {"name": "Big", "codes": [115, "125"]},
            {"name": "Rest", "advice": "Write to them."},
        ]
    )
    assert table.segment_of(5, 4, 1) == "Stars"
    assert table.segment_of(1, 2, 5) == "Big"
    assert table.segment_of(1, 2, 4) == "Rest"
    assert table.names == ["Stars", "Big", "Rest"]
    assert table.rows[2]["advice"] == "Write to them."
    assert len(table) == 3


def test_a_table_without_a_claim_has_a_gap_and_no_name():
    table = patron.segment_table([{"name": "Top", "r": 3}], bins=3)
    assert table.segment_of(1, 1, 1) is None
    assert table.lint().gaps > 0
    first = {name: column[0] for name, column in table.lint().findings.to_dict().items()}
    assert first["kind"] == "gap" and first["segment"] is None and first["r"] == 1


def test_json_goes_round():
    table = patron.segment_table("putler")
    again = patron.segment_table(table.to_json())
    assert again == table and hash(again) == hash(table)
    assert again != patron.segment_table("eleven")
    assert patron.segment_table(table) is table


def test_the_text_of_a_table_and_of_a_lint_can_be_read():
    assert repr(patron.segment_table("eleven")).startswith(
        "<patron.SegmentTable: 11 rows over R x F x M, 5 bins: Champions, Loyal, "
    )
    assert repr(patron.segment_table("eleven").lint()) == (
        "<patron.SegmentLint: 125 cells, an exact partition>"
    )
    assert repr(patron.segment_table("putler").lint()) == (
        "<patron.SegmentLint: 45 cells, 0 gaps, 30 overlaps; unreachable: New / Recent, Promising, "
        "Cannot Lose Them, Lost>"
    )


def test_an_unknown_name_lists_the_names_there_are():
    with pytest.raises(patron.PolicyError, match="twelve.*eleven, putler") as caught:
        patron.segment_table("twelve")
    assert caught.value.code == 21


def test_broken_json_has_the_byte_of_the_mistake():
    with pytest.raises(patron.PolicyError) as caught:
        patron.segment_table('[{"name": "A", "r": 1,}]')
    assert (caught.value.code, caught.value.byte_offset) == (20, 22)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "row"),
        ([{"name": "A", "r": [5, 1]}], "r"),
        ([{"name": "A", "r": [1, 6]}], "6"),
        ([{"name": "", "r": 1}], "name"),
        ([{"name": "A", "codes": [999]}], "999"),
        ([{"name": "A", "codes": [111], "r": 1}], "codes"),
        ([{"name": "A", "colour": 1}], "colour"),
    ],
)
def test_rows_that_mean_nothing_are_refused(rows, message):
    with pytest.raises(patron.PolicyError, match=message):
        patron.segment_table(rows)


def test_arguments_of_the_wrong_kind_say_what_is_right():
    with pytest.raises(patron.ArgumentError, match="a float is no segment table"):
        patron.segment_table(1.5)
    with pytest.raises(patron.ArgumentError, match="no segment table"):
        patron.segment_table([{"name": object()}])
    with pytest.raises(patron.ArgumentError, match="bins"):
        patron.segment_table([{"name": "A"}], bins=11)
    with pytest.raises(patron.ArgumentError, match="bins='5'"):
        patron.segment_table([{"name": "A"}], bins="5")
    with pytest.raises(patron.ArgumentError, match="r=2.5"):
        patron.segment_table("eleven").segment_of(2.5, 1, 1)
    with pytest.raises(patron.ArgumentError, match="6"):
        patron.segment_table("eleven").segment_of(6, 1, 1)
