"""Mails to those on a roll, word for word: each notice says what, when, where, what to do and by which link."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils import translation

from convenor.attendance.enums import Notice, SeatState
from convenor.attendance.rules.mail_facts import About, MailFacts, SeatFacts
from convenor.attendance.sentences.mail import words_of
from convenor.events.enums import EventState

LINK = "https://meet.example.org/registration/secret/"
SEAT = SeatFacts(roll_id=1, state=SeatState.CONFIRMED)
WORKSHOP = SeatFacts(
    roll_id=2,
    state=SeatState.WAITLISTED,
    function="Workshop",
    starts_at=datetime(2026, 12, 7, 8, tzinfo=UTC),
    ends_at=datetime(2026, 12, 7, 9, tzinfo=UTC),
    place="Room 2, House",
)
FACTS = MailFacts(
    registration_id=1,
    event_id=1,
    name="Ana Ionescu",
    email="ana@partner.example",
    language="en",
    event="Away day",
    state=EventState.PLANNING,
    zone="Europe/Bucharest",
    organiser="Alice",
    link=LINK,
    starts_at=datetime(2026, 12, 7, 7, tzinfo=UTC),
    ends_at=datetime(2026, 12, 7, 15, tzinfo=UTC),
    place="House, 1 Long Street",
    seats=(SEAT,),
)
NOON = datetime(2026, 12, 1, 10, tzinfo=UTC)


def with_seat(**fields: Any) -> MailFacts:
    return replace(FACTS, seats=(replace(SEAT, **fields),))


def test_a_confirmation_whole() -> None:
    facts = with_seat(cancel_free_until=NOON)
    words = words_of(Notice.CONFIRMED, facts)
    assert words.subject == "Your seat is confirmed: Away day"
    assert words.text == (
        "Good day, Ana Ionescu,\n\n"
        "Your seat at “Away day” is confirmed. We look forward to seeing you.\n\n"
        "When: 7 December 2026, 09:00–17:00 (Europe/Bucharest)\n"
        "Where: House, 1 Long Street\n"
        "Your seat: confirmed\n\n"
        "If you can't come, please cancel until 1 December 2026 12:00, so that somebody else gets the seat:\n"
        f"{LINK}\n\n"
        "The link is yours alone: whoever has it can change your registration.\n\n"
        "Organised by Alice\n"
    )


def test_several_seats_are_listed_each_with_its_time_place_and_state() -> None:
    words = words_of(Notice.CHANGED, replace(FACTS, seats=(SEAT, WORKSHOP), reason="A larger group"))
    assert (
        "\n\nYour seats:\n– Away day: confirmed\n– Workshop, 7 December 2026, 10:00–11:00, Room 2, House: on the waitlist\n\n"
        in words.text
    )
    assert "Your seat: " not in words.text
    assert "Why: A larger group" in words.text


def test_a_mail_about_one_function_is_named_after_it_with_its_own_time_and_place() -> None:
    words = words_of(Notice.WAITLISTED, replace(FACTS, seats=(WORKSHOP,)))
    assert words.subject == "You are on the waitlist: Workshop"
    assert "All seats at “Workshop” are taken." in words.text
    assert (
        "Part of: Away day\nWhen: 7 December 2026, 10:00–11:00 (Europe/Bucharest)\nWhere: Room 2, House\n"
        in words.text
    )


@pytest.mark.parametrize(
    ("notice", "seat", "subject", "asks"),
    [
        (
            Notice.INVITED,
            {"state": SeatState.INVITED, "rsvp_by": NOON},
            "Invitation: Away day",
            "Please say until 1 December 2026 12:00 whether you come:",
        ),
        (
            Notice.INVITED,
            {"state": SeatState.INVITED},
            "Invitation: Away day",
            "Please say whether you come:",
        ),
        (
            Notice.OFFERED,
            {"state": SeatState.OFFERED, "offer_expires_at": NOON},
            "A seat has come free for you: Away day",
            "Please say until 1 December 2026 12:00 whether you take it; after that it goes on to the next:",
        ),
        (
            Notice.HELD,
            {"state": SeatState.HELD},
            "Registration received: Away day",
            "If you can't come, please cancel, so that somebody else gets the seat:",
        ),
        (
            Notice.WAITLISTED,
            {"state": SeatState.WAITLISTED},
            "You are on the waitlist: Away day",
            "Here you see where your registration stands, and change or cancel it:",
        ),
        (
            Notice.LAPSED,
            {"state": SeatState.DECLINED},
            "The offered seat has gone on: Away day",
            "If you would like to come after all, your personal page says what you can do:",
        ),
        (
            Notice.CANCELLED,
            {"state": SeatState.CANCELLED},
            "Registration cancelled: Away day",
            "If you would like to come after all, your personal page says what you can do:",
        ),
        (
            Notice.LINK,
            {},
            "Your personal link: Away day",
            "If you can't come, please cancel, so that somebody else gets the seat:",
        ),
        (
            Notice.MOVED,
            {},
            "New time or place: Away day",
            "If you can't come, please cancel, so that somebody else gets the seat:",
        ),
    ],
)
def test_each_notice_says_what_is_to_be_done(
    notice: Notice, seat: dict[str, Any], subject: str, asks: str
) -> None:
    words = words_of(notice, with_seat(**seat))
    assert words.subject == subject
    assert f"\n\n{asks}\n{LINK}\n\n" in words.text


@pytest.mark.parametrize(
    ("about", "seat", "subject"),
    [
        (About.ANSWER, {"state": SeatState.INVITED}, "Please answer: Away day"),
        (
            About.OFFER,
            {"state": SeatState.OFFERED, "offer_expires_at": NOON},
            "Your seat waits for an answer: Away day",
        ),
        (About.COMING, {}, "See you soon: Away day"),
    ],
)
def test_a_reminder_says_what_it_reminds_of(about: About, seat: dict[str, Any], subject: str) -> None:
    assert words_of(Notice.REMINDER, replace(with_seat(**seat), about=about)).subject == subject


def test_an_offer_says_until_when_the_seat_is_kept() -> None:
    words = words_of(Notice.OFFERED, with_seat(state=SeatState.OFFERED, offer_expires_at=NOON))
    assert "Your seat: offered to you until 1 December 2026 12:00\n" in words.text


def test_who_is_replaced_learns_by_whom_and_gets_no_link_any_more() -> None:
    words = words_of(Notice.SUBSTITUTED, replace(with_seat(state=SeatState.SUBSTITUTED), other="Ion Pop"))
    assert "Ion Pop has your seat at “Away day” now and comes instead of you." in words.text
    assert LINK not in words.text + words.html


def test_what_is_called_off_asks_for_nothing() -> None:
    words = words_of(Notice.CALLED_OFF, replace(FACTS, state=EventState.CANCELLED, reason="No speaker"))
    assert words.subject == "Called off: Away day"
    assert "“Away day” is called off. You need do nothing.\nWhy: No speaker\n" in words.text
    assert LINK not in words.text
    assert "Your seat" not in words.text


def test_what_is_postponed_names_no_time() -> None:
    words = words_of(Notice.CALLED_OFF, replace(FACTS, state=EventState.POSTPONED))
    assert words.subject == "Postponed: Away day"
    assert "When:" not in words.text


ION = replace(SEAT, guest="Ion", state=SeatState.WAITLISTED)


def test_guests_are_listed_by_name_with_where_they_stand() -> None:
    words = words_of(Notice.CONFIRMED, replace(FACTS, seats=(SEAT, ION)))
    assert "Your seat at “Away day” is confirmed." in words.text
    assert "Your seats:\n– Away day: confirmed\n– Ion, Away day: on the waitlist\n" in words.text


def test_news_of_guests_alone_says_so() -> None:
    """Who is on the waitlist themselves isn't told that their seat is confirmed."""
    facts = replace(
        FACTS, seats=(replace(SEAT, state=SeatState.WAITLISTED), replace(ION, state=SeatState.CONFIRMED))
    )
    words = words_of(Notice.CONFIRMED, facts)
    assert "There is news of your guests at “Away day”: Ion." in words.text
    assert "Your seat at" not in words.text


def test_what_convenor_itself_gives_as_a_reason_is_said_in_words() -> None:
    facts = replace(with_seat(state=SeatState.CANCELLED), reason="taken_off")
    assert "Why: Taken off the list.\n" in words_of(Notice.CANCELLED, facts).text


def test_the_language_is_the_reader_s_whatever_is_in_force() -> None:
    with translation.override("ro"):
        assert words_of(Notice.INVITED, FACTS).subject == "Invitation: Away day"
        assert translation.get_language() == "ro"
    assert "decembrie" in words_of(Notice.INVITED, replace(FACTS, language="ro")).text


@pytest.mark.parametrize("notice", list(Notice))
def test_every_notice_has_words_in_text_and_html_that_say_the_same(notice: Notice) -> None:
    words = words_of(notice, replace(FACTS, seats=(SEAT, WORKSHOP), other="Ion"))
    assert words.subject
    assert "%" not in words.subject + words.text + words.html
    read = _Reader()
    read.feed(words.html)
    assert read.words() == words.text.replace("– ", "").split()


def test_names_are_text_and_never_markup() -> None:
    words = words_of(Notice.CONFIRMED, replace(FACTS, event="<b>Bold & co</b>", name="<i>"))
    assert "&lt;b&gt;Bold &amp; co&lt;/b&gt;" in words.html
    assert "<b>" not in words.html
    assert "<b>Bold & co</b>" in words.text


def test_a_subject_is_one_line() -> None:
    assert (
        words_of(Notice.INVITED, replace(FACTS, event="Away\nday\tnow")).subject == "Invitation: Away day now"
    )


class _Reader(HTMLParser):
    """What a person reads of it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def words(self) -> list[str]:
        return " ".join(self.found).split()
