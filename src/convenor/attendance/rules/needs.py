"""What people need, rolled up to what kitchen and set-up have to know: how many, never who."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from convenor.attendance.drafts import NeedsDraft
from convenor.attendance.enums import AccessNeed, Diet

NOTHING = NeedsDraft()
OTHER: Final = "other"
"""Stands among counts for what people said in words; the words themselves stay with those who run the event."""


@dataclass(frozen=True, slots=True)
class NeedCounts:
    """How many need what, in the vocabulary's order, without noughts. One person can be in several of them.

    `other_diets` and `other_access` are people who said something in words, which may name them: only that there are so many.
    """

    diets: tuple[tuple[Diet, int], ...] = ()
    other_diets: int = 0
    access: tuple[tuple[AccessNeed, int], ...] = ()
    other_access: int = 0

    def __bool__(self) -> bool:
        return self != NO_COUNTS


NO_COUNTS = NeedCounts()


def effective(said: NeedsDraft, known: NeedsDraft) -> NeedsDraft:
    """What was said with the registration; of food or of access, whichever nothing was said of, what the directory knows."""
    food = said if said.diets or said.dietary else known
    access = said if said.access or said.access_text else known
    return NeedsDraft(food.diets, food.dietary, access.access, access.access_text)


def roll_up(people: Iterable[NeedsDraft]) -> NeedCounts:
    """Of one entry for each person."""
    diets: Counter[Diet] = Counter()
    access: Counter[AccessNeed] = Counter()
    in_words: Counter[str] = Counter()
    for each in people:
        diets.update(set(each.diets))
        access.update(set(each.access))
        in_words.update({"diet": bool(each.dietary.strip()), "access": bool(each.access_text.strip())})
    return NeedCounts(
        diets=tuple((diet, diets[diet]) for diet in Diet if diets[diet]),
        other_diets=in_words["diet"],
        access=tuple((need, access[need]) for need in AccessNeed if access[need]),
        other_access=in_words["access"],
    )


def needs_in(*, diets: Iterable[str], dietary: str, access: Iterable[str], access_text: str) -> NeedsDraft:
    """Of a row's values: a code that this version doesn't know becomes words."""
    diets, access = list(diets), list(access)
    return NeedsDraft(
        diets=tuple(Diet(each) for each in diets if each in Diet),
        dietary=_joined(dietary, (each for each in diets if each not in Diet)),
        access=tuple(AccessNeed(each) for each in access if each in AccessNeed),
        access_text=_joined(access_text, (each for each in access if each not in AccessNeed)),
    )


def _joined(text: str, codes: Iterable[str]) -> str:
    return ", ".join(filter(None, [text.strip(), *codes]))
