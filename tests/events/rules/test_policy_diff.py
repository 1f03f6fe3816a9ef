"""Differences of two versions of a class: none is missed, and none made up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.events.enums import Anchor
from convenor.events.queries.shipped import shipped_texts
from convenor.events.rules.policy import Due
from convenor.events.rules.policy_diff import Kind, policy_changes
from convenor.events.rules.policy_text import policy_from
from convenor.events.rules.policy_words import due_words
from tests.factories.policies import FULL

CHANGES = [
    ('ro = "Consiliu"', 'ro = "Bord"', "class:class"),
    ('summary = "In short"', 'summary = "At length"', "class:class"),
    ("restricted", "open", "class:class"),
    ("12:30:00", "13:00:00", "class:class"),
    ('signers = ["owner", "sponsor"]', 'signers = ["owner"]', "class:class"),
    ('["participants", "av"]', '["participants"]', "told:moved"),
    ('level = "attention"', 'level = "blocking"', "checks:rooms_confirmed"),
    ("-3d before end", "-3d before start", "checks:rooms_confirmed"),
    ("-5wd", "-5d", "tasks:a"),
    ('owner = "chair"', 'owner = "av"', "tasks:a"),
    ("takes_days = 3", "takes_days = 4", "tasks:a"),
    ("milestone = true", "milestone = false", "tasks:a"),
    ('description = "How"', 'description = "Why"', "tasks:a"),
    ('"One"', '"Another"', "tasks:a"),
    ('after = ["a"]', "after = []", "tasks:b"),
    ('kind = "plenary"', 'kind = "session"', "functions:plenary"),
    ("day = 1", "day = -1", "functions:plenary"),
    ("09:15", "09:30", "functions:plenary"),
    ("minutes = 90", "minutes = 60", "functions:plenary"),
    ('"theatre"', '"cabaret"', "functions:plenary"),
    ("for_all = true", "for_all = false", "functions:plenary"),
    ("public = true", "public = false", "functions:plenary"),
    ('ro = "Apă"', 'ro = "Apă plată"', "functions:plenary"),
    ("-2wd", "-3wd", "meetings:before"),
    ('people = ["owner", "chair"]', 'people = ["chair"]', "meetings:before"),
    ("12.50", "12.60", "costs:Room"),
    ('driver = "room_day"', 'driver = "day"', "costs:Room"),
    ("quantity = 2", "quantity = 3", "costs:Room"),
    ("severity = 5", "severity = 4", "hazards:Fall"),
    ('"Tape"', '"Tape, and light"', "hazards:Fall"),
    ("limit = 1000", "limit = 2000", "insurance:accident"),
]


@pytest.mark.parametrize(("old", "new", "name"), CHANGES)
def test_no_difference_is_missed(old: str, new: str, name: str) -> None:
    assert FULL.count(old) == 1
    (change,) = policy_changes(policy_from(FULL), policy_from(FULL.replace(old, new)), "en")
    assert (change.name, change.kind) == (name, Kind.CHANGED)
    assert all(row.before != row.after for row in change.rows)
    assert change.rows


@pytest.mark.parametrize("language", ["en", "ro"])
@pytest.mark.parametrize("code", list(shipped_texts()))
def test_a_class_does_not_differ_from_itself(code: str, language: str) -> None:
    policy = policy_from(shipped_texts()[code])
    assert policy_changes(policy, policy, language) == []


def test_what_is_new_what_is_gone_and_another_order_are_told() -> None:
    old = policy_from(FULL)
    turned = policy_from(re.sub(r'key = "a"', 'key = "z"', FULL).replace('after = ["a"]', 'after = ["z"]'))
    found = {(each.name, each.kind) for each in policy_changes(old, turned, "en")}
    assert found == {("tasks:z", Kind.ADDED), ("tasks:a", Kind.REMOVED)}
    first, second = FULL.split("[[checks]]")[0], '[[checks]]\ncode = "{}"\n'
    one = policy_from(first + second.format("x") + second.format("y"))
    other = policy_from(first + second.format("y") + second.format("x"))
    assert [each.title for each in policy_changes(one, other, "en")] == ["Another order"]


dues = st.builds(Due, st.integers(-400, 400), st.booleans(), st.sampled_from(Anchor))


@given(dues, dues)
def test_two_dates_in_words_are_the_same_only_if_they_are(one: Due, other: Due) -> None:
    same = one == other or (one.days == other.days == 0 and one.anchor == other.anchor)
    assert (due_words(one) == due_words(other)) is same
