"""Lines of what a TOML text holds, against texts in which every value names its own line."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from convenor.kernel.toml_lines import NotToml, Path, line_of, positions

TRICKY = '''# a comment with = and [brackets]
title = "2"  # not this "="
"quoted key".b.'single # quoted' = "3"
list = [
  "5", # ] not the end
  { x = "6", "y.z" = '6', deep = [ "6",
    "7" ] },
  ["8", [
    "9"]],
]
[a . "b\\u0063"]
text = """12
[[x]]
"quotes"" and \\""" ]
"""""
raw = \'\'\'16
x = 1 \'\' \'\'\'
[[l]]
k = "19"
  [[l.m]]
  q = "21"

  [l.n]
  w = "24"
[[l]]
[[l.m]]
q = "27"
[a]
after = "29"
1979-05-27 = "30"
'''


def leaves(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in leaves(each, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, each in enumerate(value) for leaf in leaves(each, (*path, index))]
    return [(path, value)]


def test_every_value_of_a_tricky_text_stands_where_it_says() -> None:
    found = positions(TRICKY)
    said = leaves(tomllib.loads(TRICKY))
    assert len(said) == 17
    for path, value in said:
        assert found[path] == int(value.split("\n")[0]), path


def test_tables_stand_at_their_headers_and_arrays_at_their_first_item() -> None:
    found = positions(TRICKY)
    assert found[()] == 1
    assert found[("a",)] == 28
    assert found[("a", "bc")] == 11
    assert (found[("l",)], found[("l", 0)], found[("l", 1)]) == (18, 18, 25)
    assert (found[("l", 0, "m", 0)], found[("l", 0, "n")], found[("l", 1, "m", 0)]) == (20, 23, 26)
    assert found[("quoted key",)] == found[("quoted key", "b")] == 3


def test_lines_end_as_on_windows_too() -> None:
    text = 'a = 1\r\n[b]\r\nc = """x\r\ny"""\r\nd = 2\r\n'
    assert (line_of(text, ("b", "c")), line_of(text, ("b", "d"))) == (3, 5)


def test_what_is_not_there_stands_where_it_should_be() -> None:
    text = "a = 1\n[[b]]\nc = 1\n[[b]]\nc = 2\n"
    assert line_of(text, ("b", 1, "missing", 7)) == 4
    assert line_of(text, ("nothing",)) == 1


@pytest.mark.parametrize("text", ["a", "a =", "= 1", "[a", 'a = "', "a = [1", "a = { b = 1", "[]", "a b = 1"])
def test_what_is_not_toml_is_told_and_does_not_run_for_ever(text: str) -> None:
    with pytest.raises(NotToml):
        positions(text)


keys = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=0, max_size=6)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=12)
plain = st.one_of(st.integers(), st.booleans(), texts, st.dates(), st.floats(allow_nan=False))
documents = st.dictionaries(
    keys,
    st.recursive(
        plain,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
        max_leaves=12,
    ),
    max_size=5,
)


def marked(value: Any, marks: list[str]) -> Any:
    """The same document with a text in the place of each value that occurs nowhere else."""
    if isinstance(value, dict):
        return {key: marked(each, marks) for key, each in value.items()}
    if isinstance(value, list):
        return [marked(each, marks) for each in value]
    marks.append(f"@mark{len(marks)}@" + (str(value) if isinstance(value, str) else ""))
    return marks[-1]


@given(documents, st.booleans())
def test_every_leaf_of_any_document_stands_on_its_line(document: dict[str, Any], several: bool) -> None:
    """`several`: texts of several lines are written as such."""
    given_ = marked(document, [])
    text = tomli_w.dumps(given_, multiline_strings=several)
    assert tomllib.loads(text) == given_
    found, lines = positions(text), text.split("\n")
    for path, value in leaves(given_):
        mark = value[: value.index("@", 1) + 1]
        here = [number for number, line in enumerate(lines, 1) if mark in line]
        # A text of several lines begins below its key.
        assert found[path] in {here[0], here[0] - 1}, (path, text)


@given(documents)
def test_any_document_is_followed_to_its_end(document: dict[str, Any]) -> None:
    text = tomli_w.dumps(document)
    found = positions(text)
    for path, _value in leaves(tomllib.loads(text)):
        assert path in found
