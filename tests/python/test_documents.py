"""The examples in docstrings, in the package's README and in examples/python do what they say."""

import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import patron

ROOT = Path(__file__).resolve().parents[2]
# The demo has requirements of its own, and its own test.
EXAMPLES = [
    ROOT / "examples" / "python" / f"{name}.py"
    for name in (
        "quickstart", "segment_table", "frozen_cuts", "dataframes",
        "engine", "clock", "corrections", "unknown", "identities",
        "classifications", "messy_orders",
    )
]
MODULES = [f"patron.{m.name}" for m in pkgutil.iter_modules(patron.__path__)]


@pytest.mark.parametrize("name", ["patron", *MODULES])
def test_examples_in_docstrings_are_right(name):
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_there_are_examples_in_docstrings():
    finder = doctest.DocTestFinder()
    tests = [t for t in finder.find(patron, module=patron) if t.examples]
    for public in (patron.rfm, patron.rank, patron.segment_table, patron.Table, patron.SegmentTable):
        assert any(t.examples for t in finder.find(public)), public
    assert tests


@pytest.mark.parametrize("name", patron.__all__)
def test_everything_public_is_documented(name):
    value = getattr(patron, name)
    assert not callable(value) or (value.__doc__ or "").strip()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_run(path):
    if path.stem == "messy_orders":
        pytest.importorskip("pandas")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_readme_of_the_package_runs(capsys):
    text = (ROOT / "bindings" / "python" / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        lines = [line for line in block.splitlines() if ".to_pandas()" not in line]
        exec("\n".join(lines), {})
    assert "patron.RfmResult" in capsys.readouterr().out
