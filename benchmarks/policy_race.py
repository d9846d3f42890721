"""Policies: how long they take to be read, checked and looked through, and to call customers by their tiers.

    ./run bench policy
    ./run bench policy --repeats 9

No other tool does this, so there is nothing to race with. "C++" is patron::Policy::check in
build/release/benchmarks/policy_benchmark (which says what its tables of rules are), processor time; "Python" is
patron.Policy(text).check() with the findings as objects and as text, wall-clock time. Both are medians.

Then the customers and the eight tiers of `./run bench expr` as a policy: patron_policy_classify and Policy.classify on
one thread, which give the tier and the masks of what holds and of what is unknown; and what they do at each level of
processor (expr_benchmark). Processor time, medians.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import expr_race
import racing

import patron
from patron import _ffi, _inputs, _native
from patron._native import lib

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "build/release/benchmarks/policy_benchmark"
NAMES = ("retail", "baby", "b2b", "ecommerce", "bank")


def in_cpp(repeats: int) -> list[tuple[str, float, str]]:
    """(what, milliseconds, remark) of each case of the program."""
    done = subprocess.run(
        [PROGRAM, "--benchmark_format=json", f"--benchmark_repetitions={repeats}",
         "--benchmark_report_aggregates_only=true", "--benchmark_min_time=0.1"],
        cwd=ROOT, capture_output=True, check=True)
    rows = []
    for case in json.loads(done.stdout)["benchmarks"]:
        if case["aggregate_name"] != "median":
            continue
        scale = {"us": 1e-3, "ms": 1.0}[case["time_unit"]]
        remark = ""
        if "undecided" in case:
            left = "; not all decided within the budget" if case["undecided"] else ""
            remark = f"{case['unreachable']:.0f} unreachable{left}"
        rows.append((case["run_name"], case["cpu_time"] * scale, remark))
    return rows


def in_python(name: str, repeats: int) -> float:
    """Milliseconds of a check from text to text."""
    text = (ROOT / "examples/policies" / f"{name}.json").read_text(encoding="utf-8")
    times = []
    for _ in range(20 * repeats):
        begin = time.perf_counter()
        str(patron.Policy(text).check())
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1e3


def tiers() -> patron.Policy:
    """The conditions of expr_race as a first match."""
    kinds = {name: spec if isinstance(spec, str) else str(spec["type"]) for name, spec in expr_race.FIELDS.items()}
    classes = [{"name": f"tier {i}", "enter": tier} for i, tier in enumerate(expr_race.TIERS, 1)]
    return patron.Policy({
        "patron": 1, "name": "eight tiers", "attributes": {name: {"type": kind} for name, kind in kinds.items()},
        "classifications": [{"name": "tier", "kind": "first_match", "classes": [*classes, {"name": "tier 8"}]}]})


def seconds(run: Callable[[], object], repeats: int) -> float:
    """Processor time, the median of some."""
    times = []
    for _ in range(repeats + 1):
        begin = time.process_time()
        run()
        times.append(time.process_time() - begin)
    return statistics.median(times[1:])


def classified(rows: int, repeats: int) -> list[tuple[str, float]]:
    """(what, customers a second) of the public calls."""
    policy = tiers()
    with racing.data_folder() as folder:
        expr_race.generate(rows, folder)
        customers = expr_race.table(racing.Task(folder, "", 1))
    handle = _inputs.open_table(customers, dict.fromkeys(expr_race.FIELDS, "any"))
    options = _ffi.patron_expression_options.init()
    options.threads = 1

    def in_c() -> None:
        out = _ffi.patron_table_p()
        _native.call(lib.patron_policy_classify, policy._open().pointer, *_native.text("tier"), handle.pointer,
                     ctypes.byref(options), ctypes.byref(out), None)
        lib.patron_table_close(out)

    assert len(policy.classify(customers, "tier", threads=1)["class"]) == rows
    return [("patron_policy_classify", rows / seconds(in_c, repeats)),
            ("Policy.classify, from pyarrow", rows / seconds(lambda: policy.classify(customers, "tier", threads=1), repeats))]


def by_level(repeats: int) -> list[tuple[str, float]]:
    """The same of 1,000,000 customers at each level of processor."""
    program = PROGRAM.with_name("expr_benchmark")
    done = subprocess.run([program, "--benchmark_format=json", "--benchmark_filter=EightTiers.*rows:1000000$",
                           f"--benchmark_repetitions={repeats}", "--benchmark_min_time=0.1"],
                          cwd=ROOT, capture_output=True, check=True)
    names = ("baseline x86-64", "AVX2", "AVX-512")
    return [(names[int(case["run_name"].split("level:")[1][0])], case["items_per_second"])
            for case in json.loads(done.stdout)["benchmarks"] if case.get("aggregate_name") == "median"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--rows", type=racing.number, default=1_000_000, help="customers that are called by their tiers")
    options, _ = parser.parse_known_args()  # those of the other races are not for this one
    print(f"{'C++':48} {'ms':>8}")
    for what, millis, remark in in_cpp(options.repeats):
        print(f"{what:48} {millis:8.3f}  {remark}")
    print(f"\n{'Python':48} {'ms':>8}")
    for name in NAMES:
        print(f"{'check ' + name:48} {in_python(name, options.repeats):8.3f}")
    print(f"\n{f'Eight tiers of {options.rows:,} customers, one thread':48} {'M/s':>8}")
    for what, rate in [*classified(options.rows, options.repeats), *by_level(options.repeats)]:
        print(f"{what:48} {rate / 1e6:8.0f}")


if __name__ == "__main__":
    main()
