"""Engines of npm in the races: installed once into build/bench/node, each run in a process of Node.js of its own.

    if npm_engines.are_there():
        racing.race({"Zen": lambda task: npm_engines.run(__file__, "zen", data), ...}, ...)

A race's script x_race.mjs stands beside x_race.py. It is called with the engine's name and a JSON file, runs once for
each line on standard input, and answers with a line of JSON.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from racing import Run

ROOT = Path(__file__).resolve().parents[1]
NODE = ROOT / "build" / "bench" / "node"
MOST_SECONDS = 300  # that npm may take
PACKAGES = {"@gorules/zen-engine": "0.54.0", "json-rules-engine": "7.3.1", "@marcbachmann/cel-js": "8.0.0"}
NAMES = ", ".join(f"{name} {version}" for name, version in PACKAGES.items())


class _Node:
    """An engine in a process of its own; called, it runs once over the data."""

    def __init__(self, race: str, engine: str, data: Path) -> None:
        script = shutil.copy(Path(race).with_suffix(".mjs"), NODE)
        self.process = subprocess.Popen(["node", str(script), engine, str(data)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pid = self.process.pid

    def __call__(self) -> Any:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


def run(race: str, engine: str, data: Path) -> Run:
    """A tool of racing.race: the script of the race `race` (its __file__) on a file of data."""
    return _Node(race, engine, data), json.loads


def are_there() -> bool:
    """Installs the engines at the first time; where that cannot be, says so."""
    if not (shutil.which("node") and shutil.which("npm")):
        print("\nNo node and npm here: the race goes without Zen, json-rules-engine and CEL.")
        return False
    NODE.mkdir(parents=True, exist_ok=True)
    package = json.dumps({"private": True, "type": "module", "dependencies": PACKAGES})
    wanted = NODE / "package.json"
    if not (NODE / "node_modules").is_dir() or not wanted.exists() or wanted.read_text("utf-8") != package:
        wanted.write_text(package, encoding="utf-8")
        command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--fetch-retries=1"]
        try:
            subprocess.run(command, cwd=NODE, check=True, timeout=MOST_SECONDS, stdin=subprocess.DEVNULL)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            shutil.rmtree(NODE / "node_modules", ignore_errors=True)
            print("\nnpm could not install the engines: the race goes without Zen, json-rules-engine and CEL.")
            return False
    return True
