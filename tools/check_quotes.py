#!/usr/bin/env python3
"""The C++ in a page of docs/ is taken from examples that are built and run.

    tools/check_quotes.py EXAMPLES_FOLDER PAGE.md ...

Every ```cpp block must stand, line by line and indentation apart, in one file of the folder. The
exit status is 1 where one does not.
"""

import pathlib
import sys


def lines_of(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def blocks(page):
    """(line number, lines) of every ```cpp block."""
    start, block = 0, None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if block is None and line.strip() == "```cpp":
            start, block = number, []
        elif block is not None and line.strip() == "```":
            yield start, lines_of("\n".join(block))
            block = None
        elif block is not None:
            block.append(line)


def stands_in(block, lines):
    return any(lines[i : i + len(block)] == block for i in range(len(lines) - len(block) + 1))


def main(folder, *pages):
    examples = [lines_of(path.read_text(encoding="utf-8"))
                for path in sorted(pathlib.Path(folder).glob("*.cc"))]
    found = 0
    checked = 0
    for page in map(pathlib.Path, pages):
        for number, block in blocks(page):
            checked += 1
            if not any(stands_in(block, lines) for lines in examples):
                print(f"{page}:{number}: this code stands in no example of {folder}")
                found += 1
    if checked == 0:
        print("no page has a ```cpp block")
        return 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
