"""The roll on paper and on badges: tagged, in both languages, names whole, codes that a scanner reads."""

from __future__ import annotations

import pytest
from django.utils import translation

from convenor.attendance.enums import BadgeRole, SeatState
from convenor.attendance.models import Roll
from convenor.attendance.queries.exports import RollList, roll_list_for
from convenor.attendance.queries.seats import SeatsAsked
from convenor.attendance.sentences.roll_papers import badge_name, badges_pdf, roll_pdf, sign_in_pdf
from convenor.events.models import Event
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import actor_of, alice
from tests.factories.events import NOW, make_event, make_function
from tests.factories.pdf import codes_of, is_tagged, language_of, pages_of, sizes_of, texts_of
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db
NAMES = (
    "Ștefan Țurcanu-Brâncoveanu",
    "Αλέξανδρος Παπαδόπουλος",
    "Wolfeschlegelsteinhausenbergerdorff",
    "X" * 160,
    "Nguyễn Thị Minh Khai",
)


def listed(*names: str) -> tuple[Event, RollList]:
    event = make_event(alice(), title="Ziua departamentului")
    roll = make_roll(event, None)
    for name in names:
        make_seat(roll, registration=make_registration(event, name, organisation="Țesături & Fiii"))
    return event, again(roll)


def again(roll: Roll) -> RollList:
    return roll_list_for(actor_of(roll.event.owner), roll.pk, SeatsAsked())


@pytest.mark.parametrize("language", ["en", "ro"])
def test_every_paper_is_tagged_and_says_its_language_and_every_name(language: str) -> None:
    _event, found = listed(*NAMES)
    with translation.override(language):
        papers = [
            roll_pdf(found, now=NOW),
            sign_in_pdf(found, now=NOW),
            badges_pdf(found, {}, now=NOW, is_sheet=True),
            badges_pdf(found, {}, now=NOW, is_sheet=False),
        ]
    for paper in papers:
        assert is_tagged(paper)
        assert language_of(paper).startswith(language.encode())
        said = "".join("".join(texts_of(paper)).split())
        assert [name for name in NAMES if "".join(name.split()) not in said] == []
        assert "Țesături&Fiii" in said


def test_the_codes_on_badges_are_what_a_scanner_reads() -> None:
    _event, found = listed(*(f"Guest {n}" for n in range(12)))
    codes = [row.code for row in found.rows]
    sheet = badges_pdf(found, {}, now=NOW, is_sheet=True)
    assert sorted(codes_of(sheet)) == sorted(codes)
    assert sizes_of(sheet) == [(210, 297)] * 2, "ten to a sheet"
    cards = badges_pdf(found, {}, now=NOW, is_sheet=False)
    assert codes_of(cards) == codes
    assert sizes_of(cards) == [(86, 54)] * 12


def test_a_badge_says_who_one_is() -> None:
    event, _found = listed()
    speaker, roll = PersonFactory.create(), event.rolls.get()
    row = make_registration(event, "Ana", person=speaker, organisation="")
    make_seat(roll, registration=row)
    make_seat(roll, registration=make_registration(event, "Dan", guest_of=row))
    made = badges_pdf(again(roll), {speaker.pk: BadgeRole.SPEAKER}, now=NOW, is_sheet=False)
    ana, dan = texts_of(made)
    assert ("Ana" in ana, "SPEAKER" in ana, "Ziua departamentului" in ana) == (True, True, True)
    assert ("Dan" in dan, "GUEST" in dan) == (True, True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ștefan Țurcanu", "Ștefan Țurcanu"),
        ("田中 太郎", ""),
        ("田中 (Tanaka) Taro", "(Tanaka) Taro"),
        ("Ana \N{PARTY POPPER}", "Ana"),
        ("\N{PARTY POPPER} 7", ""),
    ],
)
def test_what_our_typeface_lacks_is_left_to_be_written_by_hand(name: str, shown: str) -> None:
    assert badge_name(name) == shown
    event, found = listed(name)
    (page,) = texts_of(badges_pdf(found, {}, now=NOW, is_sheet=False))
    assert "□" not in page
    (signed,) = texts_of(sign_in_pdf(found, now=NOW))[:1]
    assert (found.rows[0].email in signed) == (not shown), "the list says who is meant"
    assert event.title in page


def test_a_sign_in_sheet_for_each_day_or_for_the_function() -> None:
    event, found = listed("Ana", "Dan")
    days = texts_of(sign_in_pdf(found, now=NOW))
    assert ["Mon 7 Dec 2026" in days[0], "Tue 8 Dec 2026" in days[1], len(days)] == [True, True, 2]
    assert all("Ana" in day and "Dan" in day for day in days)
    function = make_function(event, meeting={"title": "Dinner"})
    roll = make_roll(event, function=function)
    make_seat(roll, SeatState.HELD, registration=make_registration(event, "Zoe"))
    (page,) = texts_of(sign_in_pdf(again(roll), now=NOW))
    assert "Dinner" in page
    assert "Ziua departamentului" in page
    assert "Zoe" in page
    assert "Ana" not in page


def test_an_empty_roll_is_a_paper_too() -> None:
    _event, found = listed()
    assert pages_of(roll_pdf(found, now=NOW)) == 1
    assert pages_of(sign_in_pdf(found, now=NOW)) == 2
    assert pages_of(badges_pdf(found, {}, now=NOW, is_sheet=True)) == 1
