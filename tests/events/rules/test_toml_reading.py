"""Typed values out of TOML, and what is said of those that aren't right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from time import process_time
from typing import Any

import pytest

from convenor.events.enums import Confidentiality, OwnerRole
from convenor.events.rules.toml_reading import Table, TomlProblems, did_you_mean, opened


def said(table: Table) -> list[str]:
    return [str(each) for each in table.source.errors()]


def test_right_values_are_given_as_they_are() -> None:
    table = opened(
        'text = " a "\nflag = true\nnumber = 3\nprice = 2.50\nwhole = 7\nwritten = "1.5"\nat = 09:30:00\n'
        'quoted = "9:05"\nday = 2026-11-23\nmoment = 2026-11-23T09:30:00\nshort = "2026-11-23T09:30"\n'
        'role = "sponsor"\nroles = ["owner", "owner", "chair"]\nhow = "open"\n[inner]\nx = 1\n[[rows]]\n[[rows]]\n'
    )
    assert table.text("text") == "a"
    assert (table.flag("flag"), table.number("number"), table.number("absent", 5)) == (True, 3, 5)
    assert [table.amount(key) for key in ("price", "whole", "written")] == [
        Decimal("2.50"),
        Decimal(7),
        Decimal("1.5"),
    ]
    assert (table.clock("at"), table.clock("quoted"), table.clock("absent")) == (
        time(9, 30),
        time(9, 5),
        None,
    )
    assert table.day("day") == date(2026, 11, 23)
    assert table.moment("moment") == table.moment("short") == datetime(2026, 11, 23, 9, 30)
    assert table.choice("role", OwnerRole) == OwnerRole.SPONSOR
    assert table.choices("roles", OwnerRole) == (OwnerRole.OWNER, OwnerRole.CHAIR)
    assert table.choice("how", Confidentiality) == Confidentiality.OPEN
    inner = table.table("inner")
    assert inner is not None
    assert inner.number("x") == 1
    assert [each.path for each in table.tables("rows")] == [("rows", 0), ("rows", 1)]
    table.finish()
    assert said(table) == []


CASES: list[tuple[str, Callable[[Table], Any], str]] = [
    ("x = 1", lambda t: t.text("x"), "“x” must be a text in quotes, not a whole number."),
    ('x = " "', lambda t: t.text("x"), "“x” is empty."),
    ("", lambda t: t.text("x"), "“x” is missing."),
    ('x = "abc"', lambda t: t.text("x", longest=2), "“x” has 3 characters; only 2 are allowed."),
    ("x = true", lambda t: t.number("x"), "“x” must be a whole number, not true or false."),
    ("x = 11", lambda t: t.number("x", most=10, least=1), "“x” must be between 1 and 10."),
    ("x = 9999999999", lambda t: t.number("x"), "“x” must be between"),
    ("x = 1", lambda t: t.flag("x"), "“x” must be true or false, not a whole number."),
    ("x = inf", lambda t: t.amount("x"), "“x” must be between"),
    ("x = nan", lambda t: t.amount("x"), "“x” must be between"),
    ("x = -1", lambda t: t.amount("x"), "“x” must be between"),
    ("x = 1.234", lambda t: t.amount("x"), "more than two digits"),
    ('x = "much"', lambda t: t.amount("x"), "“x” must be a number, not a text in quotes."),
    ('x = "25:00"', lambda t: t.clock("x"), "“25:00” isn't a time of day."),
    ('x = "2026-02-30"', lambda t: t.day("x"), "“2026-02-30” isn't a date."),
    ("x = 2026-11-23T09:00:00", lambda t: t.day("x"), "must be a date or a text in quotes, not a date with"),
    ("x = 2026-11-23T09:00:00Z", lambda t: t.moment("x"), "isn't a local date with a time."),
    ('x = "soon"', lambda t: t.moment("x"), "isn't a local date with a time."),
    ("x = 2026-11-23", lambda t: t.moment("x"), "not a date."),
    ('x = "chiar"', lambda t: t.choice("x", OwnerRole), "Did you mean “chair”?"),
    ('x = ["owner", 3]', lambda t: t.choices("x", OwnerRole), "“x[2]” must be a text in quotes"),
    ('x = "blue"', lambda t: t.one_of("x", ("red", "green")), "Possible: red, green."),
    ('x = "a"', lambda t: t.words("x"), "must be a list in square brackets, not a text in quotes."),
    ("[x]", lambda t: t.tables("x"), "Write [[x]] above each."),
    ("x = [1]", lambda t: t.tables("x"), "“x[1]” must be a table, not a whole number."),
    ("[[x]]", lambda t: t.table("x"), "“x” must be a table, not a list in square brackets."),
]


@pytest.mark.parametrize(("text", "read", "sentence"), CASES)
def test_what_is_not_right_is_said(text: str, read: Callable[[Table], Any], sentence: str) -> None:
    table = opened("# one line above\n" + text)
    read(table)
    assert len(said(table)) == 1
    assert sentence in said(table)[0]
    assert table.source.errors()[0].line == (2 if text else 1)


def test_keys_that_nobody_asks_for_get_a_suggestion() -> None:
    table = opened('titel = "x"\nqqq = 1\n')
    table.text("title", "")
    table.flag("milestone")
    table.finish()
    assert said(table) == [
        "Line 1: There is no key “titel” here. Did you mean “title”?",
        "Line 2: There is no key “qqq” here. Known here: milestone, title.",
    ]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("a = 1\nb =\n", 2, "This isn't TOML"),
        ("a = 1\na = 2\n", 2, "This isn't TOML"),
        ('a = 1\n\nb = "x', 3, "This isn't TOML"),
        ("a = " + "[" * 5_000 + "]" * 5_000, 1, "nested too deeply"),
        ("a = " + "9" * 5_000, 1, "a number that is too long"),
        ("a = 1\n" + "#" * 1_000_000, 1, "too long"),
        ("a = 1\nb = '\x00'", 2, "no text may hold"),
        ("a = 1\nb = '\ud800'", 2, "no text may hold"),
    ],
)
def test_what_is_not_toml_is_said_with_its_line(text: str, line: int, sentence: str) -> None:
    with pytest.raises(TomlProblems, match=sentence) as caught:
        opened(text)
    assert [each.line for each in caught.value.problems] == [line]


def test_a_byte_order_mark_is_nothing() -> None:
    assert opened("\ufeffa = 1").number("a") == 1


def test_suggestions_know_case_and_hyphens() -> None:
    assert did_you_mean("LOAD-IN", ["load_in", "start"]) == "Did you mean “load_in”?"
    assert did_you_mean("xyz", ["load_in", "start"]) == ""


def walked(text: str) -> None:
    table = opened(text)
    for row in table.tables("rows"):
        row.text("title")
        row.finish()
    table.finish()


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"key{n} = 1" for n in range(60_000)),
        "\n".join(f"[table{n}]" for n in range(60_000)),
        "\n".join('[[rows]]\nwrong = "x"' for _ in range(40_000)),
    ],
    ids=["keys", "tables", "rows"],
)
def test_mistakes_without_end_are_not_all_looked_into(text: str) -> None:
    began = process_time()
    with pytest.raises(TomlProblems) as found:
        walked(text)
    assert len(found.value.problems) == 501
    assert "Reading stops here, after 500 mistakes." in str(found.value)
    assert process_time() - began < 10


@pytest.mark.parametrize(
    "text",
    [
        "a." * 40_000 + "a = 1",
        "x = 1\n[" + "a . " * 40_000 + "a]",
        "x = {y = 1, " + '"a".' * 40_000 + "a = 1}",
    ],
)
def test_a_key_without_end_is_refused_unread(text: str) -> None:
    began = process_time()
    with pytest.raises(TomlProblems, match="This key has too many parts"):
        opened(text)
    assert process_time() - began < 1


def test_a_text_may_hold_as_many_points_as_it_likes() -> None:
    text = "a" + ".a" * 100
    assert opened(f'a.b.c.d = "{text}"').values["a"]["b"]["c"]["d"] == text
