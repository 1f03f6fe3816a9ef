"""Due dates as text, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.events.enums import Anchor
from convenor.events.rules.due_text import DueUnreadable, due_from, due_text
from convenor.events.rules.policy import Due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("-14wd", Due(-14)),
        ("−14 WD", Due(-14)),
        ("14wd before start", Due(-14)),
        ("-14wd before start", Due(-14)),
        ("-3d", Due(-3, working=False)),
        ("+2wd after end", Due(2, anchor=Anchor.END)),
        ("2wd  after end", Due(2, anchor=Anchor.END)),
        ("-1d from load-in", Due(-1, working=False, anchor=Anchor.LOAD_IN)),
        ("0d from end", Due(0, working=False, anchor=Anchor.END)),
        ("0wd", Due(0)),
        ("+0wd", Due(0)),
    ],
)
def test_what_people_write(text: str, due: Due) -> None:
    assert due_from(text) == due


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "isn't an offset"),
        ("tomorrow", "isn't an offset"),
        ("-14", "isn't an offset"),
        ("-14w", "isn't an offset"),
        ("-1.5d", "isn't an offset"),
        ("-14wd end", "isn't an offset"),
        ("-14wd after end", "before and after at once"),
        ("+1d before end", "before and after at once"),
        ("+1d after party", "isn't a date of the event"),
        ("-9999d", "more than ten years"),
    ],
)
def test_what_can_not_be_read_is_told(text: str, said: str) -> None:
    with pytest.raises(DueUnreadable, match=said):
        due_from(text)


def test_a_misspelt_date_gets_a_suggestion() -> None:
    with pytest.raises(DueUnreadable) as caught:
        due_from("-1d before laod_in")
    assert caught.value.suggestion == "Did you mean “load_in”?"


@given(st.builds(Due, st.integers(-3650, 3650), st.booleans(), st.sampled_from(Anchor)))
def test_what_is_written_is_read_back(due: Due) -> None:
    assert due_from(due_text(due)) == due
