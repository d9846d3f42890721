#!/usr/bin/env python3
"""Prints "PASSED FAILED SKIPPED" of a JUnit report of ctest or pytest."""

import sys
import xml.etree.ElementTree as tree


def count(path):
    tests = failed = skipped = 0
    root = tree.parse(path).getroot()
    for suite in [root] if root.tag == "testsuite" else root.findall("testsuite"):
        tests += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0)) + int(suite.get("disabled", 0))
    return tests - failed - skipped, failed, skipped


if __name__ == "__main__":
    print(*count(sys.argv[1]))
