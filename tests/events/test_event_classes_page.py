"""docs/event-classes.md describes what the reader reads, and nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from convenor.events.enums import FunctionKind, OwnerRole
from convenor.events.rules.due_text import due_from
from convenor.events.rules.policy_text import COVERAGES, DRIVERS, PROGRAMME, PolicyErrors, policy_from
from convenor.venues.enums import SetupStyle

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "event-classes.md").read_text(encoding="utf-8")
TABLES = ("checks", "tasks", "functions", "meetings", "costs", "hazards", "insurance")


def described() -> set[str]:
    """The keys in the first columns of the tables of keys."""
    rows = re.findall(r"^\| (`[a-z_.]+`(?:, `[a-z_.]+`)*) \|", PAGE, re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`([a-z_.]+)`", row)}


def asked_for() -> set[str]:
    """Every key that the reader knows: it names them all when it is given one that it doesn't know."""
    text = 'qqq = 1\ntitle = { en = "x", qqq = 1 }\n[told]\nqqq = 1\n[hours]\nqqq = 1\n'
    text += "".join(f"[[{name}]]\nqqq = 1\n" for name in TABLES)
    with pytest.raises(PolicyErrors) as caught:
        policy_from(text)
    known: set[str] = set()
    for problem in caught.value.problems:
        if problem.path[-1] == "qqq":
            table = {"title": "text"}.get(str(problem.path[0]), problem.path[0])
            keys = problem.suggestion.removeprefix("Known here: ").removesuffix(".").split(", ")
            known |= {key if len(problem.path) == 1 else f"{table}.{key}" for key in keys}
    return known - {*TABLES, "told", "hours"}


def test_every_key_is_described_and_every_description_is_a_key() -> None:
    assert described() == asked_for()


def words_of(key: str) -> set[str]:
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{key}`"))
    return {word.strip('"') for word in re.findall(r"`([^`]+)`", row)} - {key}


def test_the_possible_values_are_all_named() -> None:
    assert words_of("functions.kind") == set(PROGRAMME)
    assert set(PROGRAMME.values()) == set(FunctionKind) - {FunctionKind.PRE_EVENT, FunctionKind.POST_EVENT}
    assert words_of("functions.setup_style") == set(SetupStyle.values)
    assert words_of("costs.driver") == set(DRIVERS)
    assert words_of("insurance.coverage") == set(COVERAGES)
    roles = next(line for line in PAGE.splitlines() if line.startswith("**Roles**"))
    assert set(re.findall(r"`([^`]+)`", roles)) == set(OwnerRole.values)


def test_the_offsets_that_are_shown_are_read() -> None:
    section = PAGE.split("## Offsets")[1].split("\n## ")[0]
    shown = re.findall(r'`"([^"]+)"`', section)
    assert len(shown) == 6
    for text in shown:
        due_from(text)


def test_the_example_is_a_class() -> None:
    example = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[-1]
    assert tomllib.loads(example)
    assert [task.key for task in policy_from(example).tasks] == ["papers", "minutes"]
