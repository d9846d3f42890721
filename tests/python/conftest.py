"""Where the tests find their helpers and the optional data folder."""

import signal
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


@pytest.fixture(autouse=True, scope="session")
def ctrl_c_is_heard():
    """A shell starts what runs in the background deaf to SIGINT; the tests of Ctrl-C need it heard."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
