"""Mutants that survive: why, as tests/mutation/survivors.json says, and the score of a run.

An entry names a mutant by file, line (its text), column (in that text), before and after; where a line stands more
than once, also by the line above. It has a reason. With "equivalent": true the reason is a proof that the mutant's
results are those of the original on every input, so that no test of results can notice; without it the mutant counts
against the tests.

The score is the usual one, killed / (all - equivalent): DeMillo, Lipton and Sayward, "Hints on test data selection"
(Computer 11(4), 1978); Jia and Harman, "An analysis and survey of the development of mutation testing" (IEEE
Transactions on Software Engineering 37(5), 2011), section 2.
"""

import collections
import json
import re

BAR = 85  # per cent of the mutants that are not equivalent
GROUPS = {"lib/models/rfm, lib/base/money*": ("lib/models/rfm/", "lib/base/money"),
          "lib/models/orders": ("lib/models/orders/",)}
NEEDED = {"file", "line", "column", "before", "after", "reason"}
OPTIONAL = {"above", "equivalent"}
VERDICT = re.compile(r"(killed|survived) +(\S+?):(\d+)(?::(\d+))?: (.+?) -> (.+?)   (.*)")


def load(path):
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def fits(entry, mutant):
    return (entry["file"], entry["line"], entry["column"], entry["before"], entry["after"]) == (
        mutant.file, mutant.text, mutant.column, mutant.before, mutant.after) \
        and entry.get("above", mutant.above) == mutant.above


def match(entries, mutants):
    """{mutant: entry}, and what is wrong with the entries: each must be of exactly one of all mutants."""
    found, wrong = {}, []
    of_file = collections.defaultdict(list)
    for mutant in mutants:
        of_file[mutant.file].append(mutant)
    for entry in entries:
        if not NEEDED <= set(entry) <= NEEDED | OPTIONAL or not entry["reason"]:
            wrong.append(f"an entry needs {sorted(NEEDED)}, may have {sorted(OPTIONAL)}, and no more: {entry}")
            continue
        name = f"{entry['file']}: {entry['before'] or '(nothing)'} -> {entry['after'] or '(nothing)'}   {entry['line']}"
        like = [m for m in of_file[entry["file"]] if fits(entry, m)]
        if not like:
            wrong.append(f"stale, there is no such line, column and change: {name}")
        elif len(like) > 1:
            wrong.append(f"stands for {len(like)} mutants, in lines {', '.join(str(m.line) for m in like)}; "
                         f"say in \"above\" which line is above: {name}")
        elif like[0] in found:
            wrong.append(f"comes twice: {name}")
        else:
            found[like[0]] = entry
    return found, wrong


def said(text, mutants):
    """[(mutant, verdict)] of the output of a run, and the lines whose mutant is no more."""
    results, gone, taken = [], [], set()
    for line in text.splitlines():
        parts = VERDICT.fullmatch(line)
        if parts is None:
            continue
        verdict, file, number, column, before, after, shown = parts.groups()
        like = [m for m in mutants if m not in taken and (m.file, m.text) == (file, shown)
                and (m.before or "(nothing)", m.after or "(nothing)") == (before, after)
                and (column is None or m.column == int(column))]
        if not like:
            gone.append(line)
            continue
        mutant = min(like, key=lambda m: abs(m.line - int(number)))
        taken.add(mutant)
        results.append((mutant, verdict))
    return results, gone


def killed(results, known, equivalent):
    """The mutants that were killed and have an entry, of one that is said to be equivalent or not."""
    return [m for m, verdict in results
            if verdict == "killed" and m in known and known[m].get("equivalent", False) == equivalent]


def share(killed, of):
    return f"{100 * killed / of:6.1f} %" if of else "       -"


def line_of(name, count):
    tried = count["killed"] + count["survived"]
    return (f"{name:44} {count['killed']:6} {count['survived']:8} {count['equivalent']:11} "
            f"{share(count['killed'], tried)} {share(count['killed'], tried - count['equivalent'])} {count['equal']:6}")


def passes(count):
    """Whether a group reaches the bar; one of which nothing was tried says nothing against it."""
    return 100 * count["killed"] >= BAR * (count["killed"] + count["survived"] - count["equivalent"])


def report(results, known):
    """Prints the table and the survivors; whether enough were killed in each group."""
    files = collections.defaultdict(collections.Counter)
    groups = {group: collections.Counter() for group in GROUPS}
    total = collections.Counter()
    for mutant, verdict in results:
        group = next((g for g, prefixes in GROUPS.items() if mutant.file.startswith(prefixes)), None)
        for count in (files[mutant.file], total, *([groups[group]] if group else [])):
            count[verdict] += 1
            count["equivalent"] += verdict == "survived" and known.get(mutant, {}).get("equivalent", False)
    print("\nof all: killed / (killed + survived); score: the same without those that are equivalent; same: object code"
          f"\n\n{'file':44} killed survived  equivalent   of all    score   same")
    for name, count in [*sorted(files.items()), *groups.items(), ("all", total)]:
        print(line_of(name, count))
    survivors = sorted((m for m, verdict in results if verdict == "survived"), key=lambda m: (m.file, m.line, m.column))
    print("\nsurvivors:")
    for mutant in survivors:
        if mutant in known:
            kind = "equivalent: " if known[mutant].get("equivalent") else ""
            print(f"{mutant}\n    {kind}{known[mutant]['reason']}")
    unexplained = [mutant for mutant in survivors if mutant not in known]
    if unexplained:
        print(f"\nWITHOUT A REASON: {len(unexplained)}. For each write the test that notices, or the reason:")
        for mutant in unexplained:
            print(f"NO REASON {mutant}")
    return total["killed"] > 0 and all(passes(count) for count in groups.values())
