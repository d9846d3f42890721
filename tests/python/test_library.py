"""Finding and loading the library, handles, and processes."""

import gc
import os
import subprocess
import sys

import pytest

import patron
from patron import _ffi, _loader


def run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


def test_versions_are_those_of_the_library():
    assert patron.__version__.count(".") == 2
    assert len(patron.zone_data_version) == 5 and patron.zone_data_version[:2] == "20"


def test_the_library_of_the_environment_variable_is_loaded():
    path = str(_loader.library_path())
    done = run("from patron import _native; print(_native.lib.path)", PATRON_LIBRARY=path)
    assert done.stdout.strip() == path


def test_a_library_that_is_not_there_is_named():
    done = run("import patron", PATRON_LIBRARY="/nowhere/libpatron.so")
    assert "PATRON_LIBRARY: there is no library at /nowhere/libpatron.so" in done.stderr
    assert "ImportError" in done.stderr


def test_a_file_that_is_no_library_is_named(tmp_path):
    wrong = tmp_path / "libpatron.so"
    wrong.write_text("not a library")
    done = run("import patron", PATRON_LIBRARY=str(wrong))
    assert f"{wrong} is no patron library that loads here" in done.stderr


def test_a_library_of_another_kind_is_named():
    import ctypes.util

    other = f"/lib/x86_64-linux-gnu/{ctypes.util.find_library('c')}"
    if not os.path.exists(other):
        other = sys.executable
    done = run("import patron", PATRON_LIBRARY=other)
    assert "is no patron library that loads here" in done.stderr


@pytest.mark.parametrize(("major", "minor"), [(1, 0), (0, 1)])
def test_a_library_of_another_abi_is_refused_with_both_versions(major, minor):
    done = run(
        "from patron import _ffi\n"
        "import importlib, sys\n"
        f"_ffi.ABI_MAJOR += {major}; _ffi.ABI_MINOR += {minor}\n"
        "for name in [n for n in sys.modules if n.startswith('patron') and n != 'patron._ffi']:\n"
        "    del sys.modules[name]\n"
        "import patron._loader as loader\n"
        "loader._ffi = _ffi\n"
        "loader.load()\n"
    )
    wanted = f"{_ffi.ABI_MAJOR + major}.{_ffi.ABI_MINOR + minor}"
    assert f"needs a patron library of ABI {wanted}, but {_loader.library_path()}" in done.stderr
    assert f"has ABI {_ffi.ABI_MAJOR}.{_ffi.ABI_MINOR}" in done.stderr


def test_handles_are_closed_when_nothing_refers_to_them(monkeypatch):
    from patron import _native

    closed = []
    table = patron.segment_table("eleven")
    handle = table._handle
    handle._finalizer.detach()
    _native.Handle.__init__(handle, handle.pointer, lambda p: closed.append(_native.lib.patron_segments_close(p)))
    del handle
    assert closed == []
    del table
    gc.collect()
    assert closed == [None]


def in_child(check):
    """Whether check() is true in a forked child."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            status = 0 if check() else 1
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def raises_state(call):
    try:
        call()
    except patron.StateError as error:
        return "fork" in str(error)
    return False


def test_what_was_made_before_fork_is_refused_in_the_child():
    eleven = patron.segment_table("eleven")
    orders = {"c": [1], "t": ["2026-01-01"], "a": [1]}
    options = {"customer": "c", "time": "t", "amount": "a"}
    scored = patron.rfm(orders, **options)
    for call in (
        lambda: eleven.segment_of(1, 1, 1),
        lambda: eleven.lint(),
        lambda: len(eleven),
        lambda: eleven.bins,
        lambda: scored.to_dict(),
        lambda: scored["r"][0],
        lambda: scored.__arrow_c_stream__(),
        lambda: scored.cuts.to_json(),
        lambda: patron.rfm(orders, table=eleven, **options),
    ):
        assert in_child(lambda call=call: raises_state(call))
    assert eleven.segment_of(5, 5, 5) == "Champions"


def test_a_child_can_work_anew_and_leave_the_old_behind():
    old = patron.segment_table("eleven")

    def anew():
        nonlocal old
        del old
        gc.collect()
        return patron.segment_table("eleven").segment_of(5, 5, 5) == "Champions"

    assert in_child(anew)
    assert old.segment_of(5, 5, 5) == "Champions"


def test_every_function_of_the_library_has_a_prototype():
    import ctypes

    from patron import _native

    functions = [f for name, f in vars(_native.lib).items() if name.startswith("patron_")]
    assert len(functions) > 50
    assert all(isinstance(f, ctypes._CFuncPtr) and f.argtypes is not None for f in functions)
