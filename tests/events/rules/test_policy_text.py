"""Reading event classes: what is refused, with which line and which suggestion."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.events.enums import Anchor, Confidentiality, FunctionKind, Level, Occasion, OwnerRole
from convenor.events.queries.shipped import shipped_texts
from convenor.events.rules.policy import CheckPolicy, Due, Policy, Text
from convenor.events.rules.policy_text import PolicyErrors, policy_from, read_policy
from tests.factories.policies import FULL

TASK = '[[tasks]]\nkey = "{0}"\ntitle = "T"\ndue = "0d"\nafter = [{1}]\n'


def test_every_key_is_read() -> None:
    policy = policy_from(FULL)
    assert policy.title == Text("Board", "Consiliu")
    assert policy.confidentiality == Confidentiality.RESTRICTED
    assert policy.hours == (time(10), time(12, 30))
    assert policy.signers == (OwnerRole.OWNER, OwnerRole.SPONSOR)
    assert policy.told == {Occasion.MOVED: (OwnerRole.PARTICIPANTS, OwnerRole.AV)}
    end = Due(-3, working=False, anchor=Anchor.END)
    assert policy.checks == (CheckPolicy("rooms_confirmed", Level.ATTENTION, end),)
    task = policy.tasks[0]
    assert (task.owner, task.takes_days, task.is_milestone) == (OwnerRole.CHAIR, 3, True)
    assert task.checklist == (Text("One"), Text("Two", "Doi"))
    assert policy.tasks[1].after == ("a",)
    (function,), (meeting,) = policy.functions, policy.meetings
    assert (function.day, function.start, function.setup_style) == (1, time(9, 15), "theatre")
    assert (meeting.kind, meeting.people) == (FunctionKind.PRE_EVENT, (OwnerRole.OWNER, OwnerRole.CHAIR))
    assert (policy.costs[0].unit_price, policy.costs[0].quantity) == (Decimal("12.50"), Decimal(2))
    assert (policy.hazards[0].severity, policy.insurance[0].limit) == (5, Decimal(1000))


def test_what_is_left_out_has_its_default() -> None:
    policy = policy_from('title = "X"\n[[checks]]\ncode = "x"\n')
    assert policy == Policy(Text("X"), checks=(CheckPolicy("x"),))


HEAD = 'title = "X"\n'
CASES = [
    ("", 1, "“title” is missing."),
    ('title = ""', 1, "“title” is empty."),
    ('title = { ro = "X" }', 1, "“en” is missing."),
    (HEAD + "titles = 1", 2, "Did you mean “title”?"),
    (HEAD + 'confidentiality = "secret"', 2, "Possible: open, internal, restricted, confidential."),
    (HEAD + 'hours = { from = "12:00", to = "10:00" }', 2, "The day must end after it begins."),
    (HEAD + "needs_certificate = true", 2, 'Add signers = ["owner", "sponsor"].'),
    (HEAD + 'signers = ["sponsor"]', 2, "Add needs_sponsor = true."),
    (HEAD + "\n[told]\n\nmoved = [1]", 5, "“moved[1]” must be a text in quotes"),
    (HEAD + TASK.format("a", "") + TASK.format("a", ""), 8, "“a” is there already"),
    (HEAD + TASK.format("a", '"b"'), 6, "There is no task “b”."),
    (HEAD + TASK.format("invite", "") + TASK.format("b", '"invit"'), 11, "Did you mean “invite”?"),
    (HEAD + TASK.format("A b", ""), 3, "“A b” isn't a key"),
    (HEAD + TASK.format("a", '"a"'), 6, "These tasks wait for one another: a → a."),
    (
        HEAD + TASK.format("a", '"c"') + TASK.format("b", '"a"') + TASK.format("c", '"b"'),
        6,
        "wait for one another: a → c → b → a.",
    ),
    (HEAD + '[[tasks]]\nkey = "a"\ntitle = "A"\n', 2, "“due” is missing."),
    (
        HEAD + '[[tasks]]\nkey = "a"\ntitle = "A"\ndue = "0d"\nowner = "participants"',
        6,
        "A task belongs to one person",
    ),
    (HEAD + '[[functions]]\nkey = "a"\ntitle = "A"\nkind = "pre_event"', 5, "Possible: plenary"),
    (HEAD + '[[functions]]\nkey = "a"\ntitle = "A"\nkind = "plenary"\nminutes = 2', 6, "between 5 and 1440"),
    (HEAD + "[functions]\n", 2, "Write [[functions]] above each."),
    (HEAD + '[[costs]]\ntitle = "A"\ndriver = "persn"\nunit_price = 1', 4, "Did you mean “person”?"),
    (
        HEAD + '[[costs]]\ntitle = "A"\ndriver = "day"\nunit_price = 1\ncurrency = "eur"',
        6,
        "isn't a currency",
    ),
    (
        HEAD + '[[hazards]]\ntitle = "A"\nharmed = "B"\nlikelihood = 6\nseverity = 1',
        5,
        "“likelihood” must be between 1 and 5.",
    ),
]


@pytest.mark.parametrize(("text", "line", "said"), CASES)
def test_a_mistake_is_named_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(PolicyErrors) as caught:
        policy_from(text)
    (problem,) = caught.value.problems
    assert said in str(problem)
    assert problem.line == line


def test_a_meeting_may_not_have_a_functions_key() -> None:
    text = FULL.replace('key = "before"', 'key = "plenary"')
    with pytest.raises(PolicyErrors, match="“plenary” is there already"):
        policy_from(text)


def test_a_check_of_a_package_that_is_not_there_is_a_warning() -> None:
    reading = read_policy(FULL, ["room_confirmed"])
    (warning,) = reading.warnings
    assert (warning.line, warning.is_warning) == (11, True)
    assert warning.suggestion == "Did you mean “room_confirmed”?"
    assert not read_policy(FULL, ["rooms_confirmed"]).warnings


def lines_refused(text: str) -> list[int]:
    """The lines of its mistakes; none of a text that is a class."""
    try:
        policy_from(text)
    except PolicyErrors as error:
        return [each.line for each in error.problems] or [0]
    return []


WORDS = ["=", "[", "]]", "{", '"', "\n", "[[tasks]]", "#", ".", "'''", "true", "3", "-1d", "after", "\\", "é"]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_broken_text_is_refused_with_lines_that_it_has_and_never_breaks_the_reader(
    data: st.DataObject,
) -> None:
    text = data.draw(st.sampled_from([FULL, shipped_texts()["team-meeting"]]))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 12))
        text = text[:start] + data.draw(st.sampled_from(WORDS)) + text[start + length :]
    lines = text.count("\n") + 1
    assert all(1 <= line <= lines for line in lines_refused(text))
