"""What the directory says of a person's needs in words, as the codes that kitchen and set-up count.

Only a text of nothing but words that are known here becomes codes; of any other it is counted that there is something to be
asked. A guess could feed somebody what they can't eat.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeVar

from convenor.attendance.drafts import NeedsDraft
from convenor.attendance.enums import AccessNeed, Diet
from convenor.base.folding import folded

Code = TypeVar("Code", Diet, AccessNeed)
DIETS: Final[Mapping[str, Diet]] = {
    "vegetarian": Diet.VEGETARIAN,
    "vegetariana": Diet.VEGETARIAN,
    "vegan": Diet.VEGAN,
    "vegana": Diet.VEGAN,
    "pescatarian": Diet.PESCATARIAN,
    "pescatariana": Diet.PESCATARIAN,
    "halal": Diet.HALAL,
    "kosher": Diet.KOSHER,
    "cuser": Diet.KOSHER,
    "gluten free": Diet.GLUTEN_FREE,
    "no gluten": Diet.GLUTEN_FREE,
    "without gluten": Diet.GLUTEN_FREE,
    "coeliac": Diet.GLUTEN_FREE,
    "celiac": Diet.GLUTEN_FREE,
    "fara gluten": Diet.GLUTEN_FREE,
    "lactose free": Diet.LACTOSE_FREE,
    "no lactose": Diet.LACTOSE_FREE,
    "without lactose": Diet.LACTOSE_FREE,
    "fara lactoza": Diet.LACTOSE_FREE,
    "nut free": Diet.NUT_FREE,
    "no nuts": Diet.NUT_FREE,
    "without nuts": Diet.NUT_FREE,
    "fara nuci": Diet.NUT_FREE,
}
ACCESS: Final[Mapping[str, AccessNeed]] = {
    "step free": AccessNeed.STEP_FREE,
    "step free way": AccessNeed.STEP_FREE,
    "fara trepte": AccessNeed.STEP_FREE,
    "wheelchair": AccessNeed.WHEELCHAIR,
    "wheelchair user": AccessNeed.WHEELCHAIR,
    "scaun rulant": AccessNeed.WHEELCHAIR,
    "scaun cu rotile": AccessNeed.WHEELCHAIR,
    "hearing loop": AccessNeed.HEARING,
    "induction loop": AccessNeed.HEARING,
    "captions": AccessNeed.HEARING,
    "bucla de inductie": AccessNeed.HEARING,
    "subtitrari": AccessNeed.HEARING,
    "sign language": AccessNeed.SIGN_LANGUAGE,
    "limbajul semnelor": AccessNeed.SIGN_LANGUAGE,
    "large print": AccessNeed.LARGE_PRINT,
    "litere mari": AccessNeed.LARGE_PRINT,
    "assistant": AccessNeed.COMPANION,
    "insotitor": AccessNeed.COMPANION,
}
BETWEEN = re.compile(r"[,;:/+.\n]|\band\b|\bsi\b")


def known_needs(*, dietary: str, access: str, step_free: bool) -> NeedsDraft:
    """What the directory says, as a registration would."""
    diets, other_diet = _read(dietary, DIETS)
    needs, other_access = _read(access, ACCESS)
    if step_free:
        needs = (AccessNeed.STEP_FREE, *(each for each in needs if each != AccessNeed.STEP_FREE))
    return NeedsDraft(diets, other_diet, needs, other_access)


def _read(text: str, words: Mapping[str, Code]) -> tuple[tuple[Code, ...], str]:
    """The codes and "" where every part of the text is known, else no codes and the text."""
    parts = [" ".join(part.replace("-", " ").split()) for part in BETWEEN.split(folded(text))]
    found = [words.get(part) for part in parts if part]
    codes = tuple(dict.fromkeys(each for each in found if each is not None))
    return (codes, "") if None not in found else ((), text.strip())
