"""A workspace keeps scratch memory and changes no result."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

import patron

ROWS = 20_000
BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
ORDERS = {
    "customer": [row % 977 for row in range(ROWS)],
    "time": [BEGIN + dt.timedelta(minutes=row * 7919 % ROWS) for row in range(ROWS)],
    "amount": [row % 100 / 4 for row in range(ROWS)],
}


def scored(workspace: patron.Workspace | None, rows: int = ROWS) -> dict[str, list[object]]:
    orders = {name: values[:rows] for name, values in ORDERS.items()}
    return patron.rfm(
        orders, customer="customer", time="time", amount="amount", workspace=workspace
    ).to_dict()


def test_results_are_the_same_and_the_memory_is_kept() -> None:
    expected = scored(None)
    workspace = patron.Workspace()
    assert workspace.nbytes == 0
    assert scored(workspace) == expected
    kept = workspace.nbytes
    assert kept >= 24 * ROWS
    assert scored(workspace, 100) == scored(None, 100)
    assert scored(workspace) == expected
    assert workspace.nbytes == kept
    assert repr(workspace) == f"patron.Workspace({kept:,} bytes)"


def test_threads_share_one() -> None:
    expected = scored(None)
    workspace = patron.Workspace()
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(scored(workspace) == expected))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 4


def test_a_closed_one_and_what_is_none_are_refused() -> None:
    with patron.Workspace() as workspace:
        scored(workspace)
    workspace.close()
    assert workspace.nbytes == 0
    assert repr(workspace) == "patron.Workspace(closed)"
    with pytest.raises(patron.ArgumentError, match="the workspace is closed; make a new one"):
        scored(workspace)
    with pytest.raises(patron.ArgumentError, match=r"workspace=1: give a patron.Workspace, or None"):
        scored(1)  # type: ignore[arg-type]
