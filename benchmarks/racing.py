"""What the races share: tools side by side on the same data, in processes of their own, results compared.

A race is a program benchmarks/x_race.py, which `./run bench x` starts:

    def duckdb_run(task):                      # task.folder, task.setting, task.threads
        db, table = open_somehow(task.folder)  # not timed: the data in the tool's own memory
        return lambda: db.execute(SQL), lambda result: [len(result), result.total()]

    TOOLS = {"patron": patron_run, "DuckDB": duckdb_run}

    def main():
        options = racing.options(__doc__, TOOLS, rows=10_000_000, threads="1,2", repeats=5)
        with racing.data_folder() as folder:
            generate(options.rows, folder)
            for threads in options.threads:
                racing.race(TOOLS, options.tools, folder, threads, options.repeats,
                            summary=lambda check: f"{check[0]:,} customers")

    racing.start(main, TOOLS)

A tool is a function from a Task to a pair: `run`, which is timed and returns its result, and `check`, which
makes of that result what must agree: JSON of numbers, texts and lists. A tool of another language has its process
in `run.pid`. Each tool runs in a process of its own
that is told its number of threads. The repeats go round, each time in another order, so that a busy machine is
busy for all, and each is the second of two runs, so that nobody pays for the memory that the tool before
returned to the system. The tables show medians, processor time, and the most memory that the process held
while it ran, its input included.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import gc
import importlib
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping, Sequence

SEED = 42
ONE_THREAD = ("pandas",)  # tools that have no threads: they race on one only


@dataclasses.dataclass(frozen=True)
class Task:
    """What a tool is asked to do."""

    folder: Path  # where the data lies
    setting: str  # of the race's own, such as the type of its keys
    threads: int


Run = tuple[Callable[[], Any], Callable[[Any], Any]]
Tools = Mapping[str, Callable[[Task], Run]]


def start(main: Callable[[], None], tools: Tools) -> None:
    """Runs the program: main, or in the processes that race() starts, one tool."""
    if sys.argv[1:2] == ["--work"]:
        tool, folder, setting, threads = sys.argv[2:]
        _work(tools[tool], Task(Path(folder), setting, int(threads)))
    else:
        main()


def number(text: str) -> int:
    """1e7 is a number of rows, too."""
    return int(float(text))


def options(description: str | None, tools: Tools, *, rows: int | None = None, threads: str | None = None,
            repeats: int | None = None,
            more: Callable[[argparse.ArgumentParser], Any] = lambda parser: None) -> argparse.Namespace:
    """The arguments that every race has, with these defaults, and those that `more` adds.

    `threads` and `tools` are lists; `tools` is None where none were named.
    """
    def integers(text: str) -> list[int]:
        return [int(part) for part in text.split(",")]

    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=number, default=rows)
    parser.add_argument("--repeats", type=int, default=repeats)
    parser.add_argument("--threads", type=integers, default=threads, help="1, 2, or 1,2")
    parser.add_argument("--tools", type=lambda text: text.split(","), help="of " + ", ".join(tools))
    more(parser)
    return parser.parse_args()


@contextlib.contextmanager
def data_folder() -> Iterator[Path]:
    """A folder for the data of a race, gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def versions(*packages: str) -> str:
    """Of importable packages, for the headline of a race."""
    return ", ".join(f"{name} {importlib.import_module(name).__version__}" for name in packages)


def agree(a: Any, b: Any, tolerance: float = 1e-9) -> bool:
    """Whether two checks say the same: real numbers to `tolerance` of their size, all else exactly."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(agree(x, y, tolerance) for x, y in zip(a, b, strict=True))
    if isinstance(a, float) or isinstance(b, float):
        return math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-8)
    return bool(a == b)


def race(tools: Tools, names: Sequence[str] | None, folder: Path, threads: int, repeats: int, *, setting: str = "",
         title: str = "", tolerance: float = 1e-9, summary: Callable[[Any], str]) -> None:
    """Races the named tools (None: all), the first of which is the measure of the others; prints the table.

    `summary` makes of a check what all agree on, in words. Ends the program where they do not agree, which
    is to `tolerance` for real numbers.
    """
    runners = [_Runner(name, Task(folder, setting, threads)) for name in names or tools
               if threads == 1 or name not in ONE_THREAD]
    first = runners[0]
    for runner in runners:
        if not agree(runner.check, first.check, tolerance):
            raise SystemExit(f"{runner.tool} disagrees with {first.tool}:\n{runner.check}\n{first.check}")
    shuffle = random.Random(SEED)
    for _ in range(repeats):
        for runner in shuffle.sample(runners, len(runners)):
            runner.step()
    print(f"\n{title}{threads} thread{'s' if threads > 1 else ''}  (all agree: {summary(first.check)})")
    print(f"| tool | median ms | least ms | cpu ms | x {first.tool} | by cpu | peak MB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for runner in runners:
        wall, cpu = statistics.median(runner.wall), statistics.median(runner.cpu)
        print(f"| {runner.tool} | {_milliseconds(wall)} | {_milliseconds(min(runner.wall))} | "
              f"{_milliseconds(cpu)} | {wall / statistics.median(first.wall):.2f} | "
              f"{cpu / statistics.median(first.cpu):.2f} | {runner.peak / 1e6:.0f} |", flush=True)
        runner.close()


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.{0 if seconds >= 0.1 else 1}f}"


def _peak_memory(process: int) -> int:
    """The most bytes a process held at once since the last call. (Linux)"""
    folder = Path(f"/proc/{process}")
    status = (folder / "status").read_text(encoding="ascii")
    (folder / "clear_refs").write_text("5", encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def _processor_time(process: int) -> float:
    """The seconds that all threads of a process have worked."""
    if process == os.getpid():
        return time.process_time()
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _work(tool: Callable[[Task], Run], task: Task) -> None:
    """A process that races: one run for each line on standard input, its seconds on standard output."""
    run, check = tool(task)
    worker = int(getattr(run, "pid", os.getpid()))
    gc.collect()
    _peak_memory(worker)
    result = run()
    peak = _peak_memory(worker)
    print(json.dumps({"check": check(result), "peak": peak}), flush=True)
    for _ in sys.stdin:
        result = run()  # not timed: brings back the memory that the tool before returned to the system
        begin, cpu = time.perf_counter(), _processor_time(worker)
        result = run()
        print(time.perf_counter() - begin, _processor_time(worker) - cpu, flush=True)


class _Runner:
    """A process that races, from outside."""

    def __init__(self, tool: str, task: Task) -> None:
        self.tool = tool
        threads = str(task.threads)
        self.process = subprocess.Popen(
            [sys.executable, sys.argv[0], "--work", tool, str(task.folder), task.setting, threads],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, POLARS_MAX_THREADS=threads, OMP_NUM_THREADS=threads))
        line = self._answer()
        if not line:
            raise SystemExit(f"{tool} with {threads} threads failed")
        first = json.loads(line)
        self.check, self.peak = first["check"], first["peak"]
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def _answer(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()

    def step(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        wall, cpu = map(float, self._answer().split())
        self.wall.append(wall)
        self.cpu.append(cpu)

    def close(self) -> None:
        self.process.communicate()
