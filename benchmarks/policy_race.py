"""Policies: how long they take to be read, checked and looked through.

    ./run bench policy
    ./run bench policy --repeats 9

No other tool does this, so there is nothing to race with. "C++" is patron::Policy::check in
build/release/benchmarks/policy_benchmark (which says what its tables of rules are), processor time; "Python" is
patron.Policy(text).check() with the findings as objects and as text, wall-clock time. Both are medians.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import time
from pathlib import Path

import patron

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    options, _ = parser.parse_known_args()  # those of the other races are not for this one
    print(f"{'C++':48} {'ms':>8}")
    for what, millis, remark in in_cpp(options.repeats):
        print(f"{what:48} {millis:8.3f}  {remark}")
    print(f"\n{'Python':48} {'ms':>8}")
    for name in NAMES:
        print(f"{'check ' + name:48} {in_python(name, options.repeats):8.3f}")


if __name__ == "__main__":
    main()
