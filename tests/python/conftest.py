"""Where the tests find their helpers and the optional data folder."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def data():
    """The folder of real orders; without it the tests that need it say so and do nothing."""
    if not DATA.is_dir():
        pytest.skip("no ../shared/data beside the project: the tests on real orders need it")
    return DATA
