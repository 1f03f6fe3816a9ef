"""docs/plan-files.md describes every key that a plan file may have, and no other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from convenor.events import registry
from convenor.events.plan.cover import EVENT_KEYS, FIND_KEYS
from convenor.events.plan.keys import Key, Listed

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "plan-files.md").read_text(encoding="utf-8")


def tables() -> Iterator[tuple[str, Sequence[Key]]]:
    yield "[event]", EVENT_KEYS
    yield "[event.find]", FIND_KEYS
    for section in registry.plan_sections:
        yield f"[[{section.name}]]", section.keys
        for key in section.keys:
            if isinstance(key.read, Listed):
                yield f"{section.name}.{key.name}", key.read.keys


def row(key: Key) -> str:
    return f"| `{key.name}` | {key.says}{' **Needed.**' if key.needed else ''} |"


def described(name: str) -> list[str]:
    found = re.search(rf"^#+ `{re.escape(name)}`\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return re.findall(r"^\| `.*$", found.group(1), re.MULTILINE) if found else []


def test_every_key_is_on_the_page_and_no_other() -> None:
    assert {name: described(name) for name, _keys in tables()} == {
        name: [row(key) for key in keys] for name, keys in tables()
    }


def test_every_table_of_the_page_is_one_that_is_read() -> None:
    titles = re.findall(r"^#+ `([^`]+)`$", PAGE, re.MULTILINE)
    assert sorted(titles) == sorted(name for name, _keys in tables())


def test_the_pages_example_has_only_known_keys() -> None:
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    document = tomllib.loads(example.group(1))
    known = {name: {key.name for key in keys} for name, keys in tables()}
    assert document.pop("event").keys() <= known["[event]"]
    assert all(row.keys() <= known[f"[[{name}]]"] for name, rows in document.items() for row in rows)
