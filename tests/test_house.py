"""The house rules that no linter knows: lengths, names, reasons, the clock."""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "convenor"
CODE = sorted(
    path for folder in ("src", "tests", "benchmarks", "scripts") for path in (ROOT / folder).rglob("*.py")
)
SOURCE = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGEST_VIEW = 25
VAGUE = {"utils", "util", "helpers", "helper", "managers", "manager", "services", "service", "common", "misc"}
# An ignore names its rules and gives its reason on the same line; the table below has the forms.
REASON = re.compile(
    r"#\s*(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\])\s*(?:#|-|–|:)\s*\w.{3,}"
)
MARK = re.compile(r"#\s*(?:noqa\b|type:\s*ignore)")
CLOCK = {"now", "utcnow", "today"}


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Without decorators: a table of test cases is no code."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_view(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return bool(node.args.args) and node.args.args[0].arg == "request"


def test_no_file_is_too_long() -> None:
    lengths = {
        shown(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in CODE
        if "migrations" not in path.parts
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    long = {f"{shown(path)}:{node.name}": length(node) for path in CODE for node in functions(path)}
    assert {place: lines for place, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def test_no_view_is_too_long() -> None:
    views = {
        f"{shown(path)}:{node.name}": length(node)
        for folder in ("web", "interop")
        for path in (PACKAGE / folder).rglob("*.py")
        for node in functions(path)
        if is_view(node)
    }
    assert {place: lines for place, lines in views.items() if lines > LONGEST_VIEW} == {}


def test_no_file_has_a_vague_name() -> None:
    assert [shown(path) for path in CODE if VAGUE & {path.stem, path.parent.name}] == []


def comments(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as stream:
        for token in tokenize.tokenize(stream.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def test_every_ignore_says_which_rule_and_why() -> None:
    bare = [
        f"{shown(path)}:{line}: {comment}"
        for path in CODE
        for line, comment in comments(path)
        if MARK.search(comment) and not REASON.search(comment)
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("comment", "has_reason"),
    [
        ("# noqa: S311 - a seeded game", True),
        ("# noqa: S311, S312 - a seeded game", True),
        ("# type: ignore[arg-type]  # Django's stubs know no lists here", True),
        ("# noqa: S311", False),
        ("# noqa", False),
        ("# type: ignore", False),
        ("# type: ignore[arg-type]", False),
        ("# type: ignore  # because", False),
    ],
)
def test_what_counts_as_a_reason(comment: str, has_reason: bool) -> None:
    assert MARK.search(comment)
    assert bool(REASON.search(comment)) is has_reason


def reads_the_clock(node: ast.AST) -> bool:
    """`datetime.now()`, `date.today()`, `timezone.now()`, but not `clock.now()`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCK
        and ast.unparse(node.func.value).split(".")[-1] in {"datetime", "date", "timezone"}
    )


def test_only_the_clock_reads_the_clock() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in SOURCE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and reads_the_clock(node)
    ]
    assert [place for place in found if not place.startswith("src/convenor/base/clock.py:")] == []
