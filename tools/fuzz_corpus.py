#!/usr/bin/env python3
"""Keeps of a grown corpus what a small one needs: every edge that any file reaches.

    tools/fuzz_corpus.py FUZZER FOLDER... [--most N]

FUZZER is a libFuzzer program (build/fuzz/tests/fuzz/x_fuzz). From the files of the folders, and those
of tests/fuzz/corpus/x_fuzz, it picks greedily the file that adds most edges for its size, until every
edge is reached or N files (50) are there, and writes them to tests/fuzz/corpus/x_fuzz. Files with a name of words
(found_in_..., seeds by hand) stay whatever they reach.
"""

import argparse
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile

import repo


def edges(fuzzer, folders):
    """{path: edges that the file reaches}, as libFuzzer's merge notes them."""
    with tempfile.TemporaryDirectory() as scratch:
        control = pathlib.Path(scratch) / "control"
        merged = pathlib.Path(scratch) / "merged"
        merged.mkdir()
        subprocess.run([fuzzer, "-merge=1", f"-merge_control_file={control}", merged, *folders],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lines = control.read_text(encoding="utf-8").splitlines()
    count = int(lines[0])
    paths = [pathlib.Path(line) for line in lines[2:2 + count]]
    found = {}
    for line in lines[2 + count:]:
        match = re.match(r"COV (\d+)(.*)", line)
        if match:
            found[paths[int(match[1])]] = set(map(int, match[2].split()))
    return found


def cover(found, kept, most):
    """The paths to add to `kept`: most new edges for their size first."""
    reached = set().union(*(found.get(path, set()) for path in kept), set())
    added = []
    while len(kept) + len(added) < most:
        def gain(path):
            return len(found[path] - reached) / (40 + path.stat().st_size)
        best = max(found, key=lambda path: (gain(path), path.name), default=None)
        if best is None or gain(best) == 0:
            break
        reached |= found[best]
        added.append(best)
    return added, len(reached), len(set().union(*found.values(), set()))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("fuzzer", type=pathlib.Path)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--most", type=int, default=50)
    options = parser.parse_args()
    home = repo.ROOT / "tests" / "fuzz" / "corpus" / options.fuzzer.name
    home.mkdir(parents=True, exist_ok=True)
    found = edges(options.fuzzer.resolve(), [home, *options.folders])
    if not found:
        sys.exit("no file reaches anything")
    by_hand = [path for path in sorted(home.iterdir()) if not re.fullmatch(r"[0-9a-f]{12}", path.name)]
    added, reached, all_edges = cover(found, by_hand, options.most)
    contents = [path.read_bytes() for path in added]
    for path in home.iterdir():
        if path not in by_hand:
            path.unlink()
    for content in contents:
        (home / hashlib.sha256(content).hexdigest()[:12]).write_bytes(content)
    print(f"{options.fuzzer.name}: {len(by_hand)} files by hand, {len(contents)} grown, "
          f"{reached} of {all_edges} edges")


if __name__ == "__main__":
    main()
