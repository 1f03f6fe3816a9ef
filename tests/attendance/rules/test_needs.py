"""Needs rolled up to counts, against counting one person after the other."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.attendance.drafts import NeedsDraft
from convenor.attendance.enums import AccessNeed, Diet
from convenor.attendance.rules.need_words import known_needs
from convenor.attendance.rules.needs import NO_COUNTS, NOTHING, effective, needs_in, roll_up

words = st.sampled_from(["", "  ", "No celery", "Ask Ana"])
drafts = st.builds(
    NeedsDraft,
    diets=st.lists(st.sampled_from(Diet), max_size=4).map(tuple),
    dietary=words,
    access=st.lists(st.sampled_from(AccessNeed), max_size=4).map(tuple),
    access_text=words,
)


def counted_by_hand(people: Sequence[NeedsDraft], code: Diet | AccessNeed) -> int:
    number = 0
    for person in people:
        if code in person.diets or code in person.access:
            number += 1
    return number


@given(st.lists(drafts, max_size=8))
def test_counts_are_those_of_counting_one_after_the_other(people: list[NeedsDraft]) -> None:
    counts = roll_up(people)
    assert dict(counts.diets) == {
        diet: number for diet in Diet if (number := counted_by_hand(people, diet))
    }, "without noughts, and nobody twice"
    assert dict(counts.access) == {
        need: number for need in AccessNeed if (number := counted_by_hand(people, need))
    }
    assert counts.other_diets == len([each for each in people if each.dietary.strip()])
    assert counts.other_access == len([each for each in people if each.access_text.strip()])
    assert roll_up(reversed(people)) == counts, "in the vocabulary's order, whoever came first"
    assert "celery" not in repr(counts)
    assert "Ana" not in repr(counts)


@given(drafts, drafts)
def test_what_was_said_goes_before_what_is_known_for_food_and_for_access_apart(
    said: NeedsDraft, known: NeedsDraft
) -> None:
    both = effective(said, known)
    food = said if said.diets or said.dietary else known
    access = said if said.access or said.access_text else known
    assert (both.diets, both.dietary) == (food.diets, food.dietary)
    assert (both.access, both.access_text) == (access.access, access.access_text)
    assert effective(both, known) == both
    assert effective(NOTHING, known) == known


def test_nobody_needs_nothing() -> None:
    assert not NO_COUNTS
    assert roll_up([NOTHING, NOTHING]) == NO_COUNTS
    assert roll_up([NeedsDraft(diets=(Diet.VEGAN,))])


@pytest.mark.parametrize(
    ("dietary", "diets", "left"),
    [
        ("", (), ""),
        ("Vegetarian", (Diet.VEGETARIAN,), ""),
        (" vegan. ", (Diet.VEGAN,), ""),
        ("Vegană, fără gluten", (Diet.VEGAN, Diet.GLUTEN_FREE), ""),
        ("Halal and no nuts", (Diet.HALAL, Diet.NUT_FREE), ""),
        ("Vegetarian și fără lactoză", (Diet.VEGETARIAN, Diet.LACTOSE_FREE), ""),
        ("Coeliac: no gluten", (Diet.GLUTEN_FREE,), ""),
        ("Lactose-free", (Diet.LACTOSE_FREE,), ""),
        ("Not vegetarian", (), "Not vegetarian"),
        ("Vegetarian, no celery", (), "Vegetarian, no celery"),
        ("Vegetarian on Fridays", (), "Vegetarian on Fridays"),
        ("No nuts except almonds", (), "No nuts except almonds"),
    ],
)
def test_words_become_codes_only_where_all_of_them_are_known(
    dietary: str, diets: tuple[Diet, ...], left: str
) -> None:
    found = known_needs(dietary=dietary, access="", step_free=False)
    assert (found.diets, found.dietary) == (diets, left)


@pytest.mark.parametrize(
    ("access", "step_free", "needs", "left"),
    [
        ("", True, (AccessNeed.STEP_FREE,), ""),
        ("Wheelchair user", True, (AccessNeed.STEP_FREE, AccessNeed.WHEELCHAIR), ""),
        ("step-free", True, (AccessNeed.STEP_FREE,), ""),
        ("Buclă de inducție; litere mari", False, (AccessNeed.HEARING, AccessNeed.LARGE_PRINT), ""),
        ("Ground floor", True, (AccessNeed.STEP_FREE,), "Ground floor"),
    ],
)
def test_access_likewise(access: str, step_free: bool, needs: tuple[AccessNeed, ...], left: str) -> None:
    found = known_needs(dietary="", access=access, step_free=step_free)
    assert (found.access, found.access_text) == (needs, left)


def test_codes_of_another_version_are_words() -> None:
    found = needs_in(diets=["vegan", "fruitarian"], dietary="Ripe", access=["lift"], access_text="")
    assert found == NeedsDraft(diets=(Diet.VEGAN,), dietary="Ripe, fruitarian", access_text="lift")
