"""The pages say what is so: their code is code that runs, their links and commands lead somewhere.

Python blocks of a page run one after the other. C, C++ and CMake blocks must stand in a program that the
C++ tests build and run, or in a header. Blocks under `<!-- quote FILE -->` are that file, or its part.
"""

import doctest
import json
import re
import textwrap
from pathlib import Path

import kinds
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bindings/*/*.md")])
BLOCK = re.compile(r"^([ \t]*)```([\w+-]*)[^\n]*\n(.*?)^\1```[ \t]*$", re.MULTILINE | re.DOTALL)
QUOTE = re.compile(r"<!-- quote (\S+?)(?:#(\w+))? -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SOURCES = {
    "c": ("examples/c/*", "capi/include/patron/*.h"),
    "cpp": ("examples/cpp/*", "include/patron/*.h"),
    "cmake": ("tests/install/*/CMakeLists.txt",),
}
# Queries of a page are run by test_metrics_sql.py.
CHECKED = {"c", "cpp", "cmake", "python", "json", "sh", "sql", "text", ""}

by_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def blocks(page):
    """(line, language, text) of every fenced block."""
    text = page.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        yield text[: found.start()].count("\n") + 1, found[2], textwrap.dedent(found[3])


def squeezed(text):
    """The words and signs of a text, without line breaks, blanks and what a header says to the compiler."""
    words = re.sub(r"\bPATRON_(?:API|NOEXCEPT)\b", "", text)
    return re.sub(r" ?([^\w ]) ?", r"\1", re.sub(r"\s+", " ", words)).strip()


def stands_in(block, source):
    if squeezed(block) in squeezed(source):
        return True
    # Lines of a CMake file may be left out between those that are shown.
    rest = iter(line.strip() for line in source.splitlines())
    return "find_package" in block and all(
        line.strip() in rest for line in block.splitlines() if line.strip()
    )


def part_of(source, name):
    """The lines between the marks [name] and [/name], or all of a file."""
    text = (ROOT / source).read_text(encoding="utf-8")
    if name is None:
        return text
    inside = re.search(rf"^[^\n]*\[{name}\][^\n]*\n(.*?)^[^\n]*\[/{name}\]", text, re.MULTILINE | re.DOTALL)
    assert inside, f"{source} has no part [{name}]"
    return textwrap.dedent(inside[1])


@by_page
def test_code_of_a_page_stands_in_a_program_that_runs(page):
    sources = {
        language: [f.read_text(encoding="utf-8") for p in patterns for f in sorted(ROOT.glob(p)) if f.is_file()]
        for language, patterns in SOURCES.items()
    }
    strange = [
        f"{page.name}:{line}"
        for line, language, text in blocks(page)
        if language in SOURCES and not any(stands_in(text, source) for source in sources[language])
    ]
    assert not strange, f"in no example or header: {', '.join(strange)}"


@by_page
def test_every_block_is_of_a_kind_that_is_checked(page):
    unknown = [f"{page.name}:{line} {language}" for line, language, _ in blocks(page) if language not in CHECKED]
    assert not unknown
    for line, language, text in blocks(page):
        if language == "json":
            json.loads(text)


@by_page
def test_quotes_are_what_they_quote(page):
    text = page.read_text(encoding="utf-8")
    for source, part, shown in QUOTE.findall(text):
        assert shown.strip() == part_of(source, part or None).strip(), f"{page.name} quotes {source} wrongly"


def test_the_readme_shows_whole_programs_in_three_languages():
    quoted = [(source, part) for source, part, _ in QUOTE.findall((ROOT / "README.md").read_text(encoding="utf-8"))]
    assert quoted == [
        ("examples/python/quickstart.py", ""),
        ("examples/c/quickstart.c", ""),
        ("examples/cpp/quickstart.cc", ""),
    ]


@by_page
def test_commands_of_a_page_are_there(page):
    run = (ROOT / "run").read_text(encoding="utf-8")
    known = set(re.findall(r"^  ([a-z-]+)\)", run, re.MULTILINE)) | {"help"}
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"\./run ([a-z][a-z-]*)", text)
    assert set(named) <= known, f"{page.name}: ./run has no {sorted(set(named) - known)}"
    for path in re.findall(r"(?<![\w/.])(?:tools|tests|capi|examples)/[\w/]+\.(?:py|sh|cc|c|h)\b", text):
        assert (ROOT / path).is_file(), f"{page.name}: there is no {path}"


@by_page
def test_links_of_a_page_lead_somewhere(page):
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{page.name}: the link {target} leads nowhere"
        if anchor and found.suffix == ".md":
            headings = re.findall(r"^#+ (.*)$", found.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {anchor_of(h) for h in headings}, f"{page.name}: {target} names no heading"


def test_every_program_in_c_stands_in_the_table_of_its_page():
    table = (ROOT / "docs" / "c-api.md").read_text(encoding="utf-8").split("## For authors of bindings")[0]
    missing = [p.name for p in (ROOT / "examples" / "c").glob("*.c") if f"(../examples/c/{p.name}) |" not in table
               and f"(../examples/c/{p.name}), " not in table]
    assert not missing


def test_what_the_page_on_migration_says_is_held_by_tests_that_there_are():
    text = (ROOT / "docs/ltv/migration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|.*\|$", text[text.index("| reported there |") :], re.MULTILINE)[2:]
    named = [name for row in rows for name in re.findall(r"`(\w+\.\w+|test_\w+)`", row.split("|")[3])]
    there = {
        f"{suite}.{name}"
        for path in ROOT.glob("tests/**/*_test.cc")
        for suite, name in re.findall(r"^TEST(?:_[FP])?\((\w+), (\w+)\)", path.read_text(encoding="utf-8"), re.M)
    }
    for path in ROOT.glob("tests/python/test_*.py"):
        there.update(re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert len(rows) == 33 and len(named) > 30
    assert set(named) <= there, f"no such test: {', '.join(sorted(set(named) - there))}"


def anchor_of(heading):
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


if kinds.have("pandas", "polars", "pyarrow", "duckdb", "numpy"):

    @by_page
    def test_python_of_a_page_runs(page, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        names = {"__name__": "page"}
        for line, language, text in blocks(page):
            if language != "python":
                continue
            if ">>>" in text:
                example = doctest.DocTestParser().get_doctest(text, names, page.name, str(page), line)
                runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
                said = []
                failed = runner.run(example, out=said.append, clear_globs=False).failed
                names.update(example.globs)
                assert failed == 0, "".join(said)
            else:
                exec(compile("\n" * line + text, str(page), "exec"), names)
