"""The one validator of registrations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.attendance.drafts import NeedsDraft, RegistrationDraft, Who
from convenor.attendance.enums import Diet, FieldKind
from convenor.attendance.rules.asked import Asked, Choice, Chosen, Question, problems_of

SIZES = (Choice("s", "Small"), Choice("m", "Medium", left=2), Choice("l", "Large", left=0))
ASKED = Asked(
    questions=(
        Question("size", FieldKind.CHOICE, "Size", choices=SIZES, is_required=True),
        Question("topics", FieldKind.CHOICES, "Topics", choices=SIZES),
        Question("why", FieldKind.TEXT, "Why"),
        Question("more", FieldKind.LONG_TEXT, "More"),
        Question("photos", FieldKind.CONSENT, "Photos", is_required=True),
    ),
    function_ids=frozenset({1, 2}),
    max_guests=1,
)
WHO = Who(name="Ana Ionescu", email="ana@partner.example")
GOOD = RegistrationDraft(who=WHO, function_ids=(1,), answers={"size": "s", "photos": True})


def fields_of(draft: RegistrationDraft, asked: Asked = ASKED, **more: object) -> set[str]:
    return set(problems_of(draft, asked, **more))  # type: ignore[arg-type]  # keywords of the validator


@pytest.mark.parametrize(
    "name",
    [
        "Ștefan Țurcanu",
        "山田太郎",
        "Ελένη",
        "عمر",
        "Zoë 🎉",
        "O'Brien-Łuczak",
        "Nguyễn Thị Ánh",
        "X Æ A-12",
        "李",
    ],
)
def test_names_in_any_script(name: str) -> None:
    assert fields_of(replace(GOOD, who=replace(WHO, name=name))) == set()


@pytest.mark.parametrize(
    ("who", "fields"),
    [
        ({"name": " "}, {"name"}),
        ({"name": "N" * 161}, {"name"}),
        ({"name": "Ana\nBcc: all"}, {"name"}),
        ({"name": "A\0na"}, {"name"}),
        ({"name": "Win at https://spam.example"}, {"name"}),
        ({"name": "WWW.spam.example"}, {"name"}),
        ({"email": ""}, {"email"}),
        ({"email": "ana@"}, {"email"}),
        ({"email": "ana@partner.example, all@partner.example"}, {"email"}),
        ({"email": "ana@partner.example\nBcc: x@y.example"}, {"email"}),
        ({"email": "a" * 250 + "@x.example"}, {"email"}),
        ({"phone": "1" * 41}, {"phone"}),
        ({"organisation": "O" * 161}, {"organisation"}),
        ({"name": "", "email": "", "person_id": 7}, set()),
    ],
)
def test_who(who: dict[str, Any], fields: set[str]) -> None:
    assert fields_of(replace(GOOD, who=replace(WHO, **who))) == fields


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"function_ids": (1, 2)}, set()),
        ({"function_ids": (3,)}, {"function_ids"}),
        ({"guests": (Who("Bo"),)}, set()),
        ({"guests": (Who("Bo"), Who("Cy"))}, {"guests"}),
        ({"guests": (Who("", "bo@x.example"),)}, {"guest_1_name"}),
        ({"guests": (Who("Bo", "bo@"),)}, {"guest_1_email"}),
        ({"needs": NeedsDraft(diets=(Diet.VEGAN,), dietary="No celery")}, set()),
        ({"needs": NeedsDraft(diets=cast("Any", ("brick",)))}, {"diets"}),
        ({"needs": NeedsDraft(access=cast("Any", ("moon",)))}, {"access"}),
        ({"needs": NeedsDraft(dietary="x" * 301, access_text="\x07")}, {"dietary", "access_text"}),
        ({"note": "x" * 301}, {"note"}),
    ],
)
def test_the_rest(changes: dict[str, Any], fields: set[str]) -> None:
    assert fields_of(replace(GOOD, **changes)) == fields


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({}, {"answer_size", "answer_photos"}),
        ({"size": "", "photos": False}, {"answer_size", "answer_photos"}),
        ({"size": "xl", "photos": True}, {"answer_size"}),
        ({"size": ("s", "m"), "photos": True}, {"answer_size"}),
        ({"size": "l", "photos": True}, {"answer_size"}),
        ({"size": "m", "photos": True, "topics": ("s", "m")}, set()),
        ({"size": "m", "photos": True, "topics": ("s", "l")}, {"answer_topics"}),
        ({"size": "m", "photos": "yes"}, {"answer_photos"}),
        ({"size": "m", "photos": True, "why": "a\nb"}, {"answer_why"}),
        ({"size": "m", "photos": True, "why": "x" * 301, "more": "x" * 2001}, {"answer_why", "answer_more"}),
        ({"size": "m", "photos": True, "more": "a\nb"}, set()),
    ],
)
def test_answers(answers: dict[str, Any], fields: set[str]) -> None:
    assert fields_of(replace(GOOD, answers=answers)) == fields


def test_what_was_chosen_may_stay_though_it_has_run_out() -> None:
    draft = replace(
        GOOD, answers={"size": "l", "photos": True}, function_ids=(3,), guests=(Who("A"), Who("B"))
    )
    assert fields_of(draft) == {"answer_size", "function_ids", "guests"}
    before = Chosen(frozenset({3}), {"size": frozenset({"l"})}, guests=2)
    assert fields_of(draft, before=before) == set()


def test_who_registers_others_needn_t_answer_for_them() -> None:
    draft = replace(GOOD, answers={})
    assert fields_of(draft, is_complete=False) == set()
    assert fields_of(replace(draft, answers={"size": "xl"}), is_complete=False) == {"answer_size"}


@given(
    st.text(max_size=400), st.text(max_size=300), st.dictionaries(st.text(max_size=9), st.text(max_size=9))
)
def test_whatever_is_sent_has_an_answer(name: str, email: str, answers: dict[str, str]) -> None:
    draft = RegistrationDraft(who=Who(name=name, email=email), answers={**GOOD.answers, **answers})
    for texts in problems_of(draft, ASKED).values():
        assert all(texts)
