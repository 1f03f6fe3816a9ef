"""Mails to those on a roll: what, when, where, where each seat stands, what to do until when, and the personal link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from convenor.attendance.enums import Notice, SeatState
from convenor.attendance.rules.mail_facts import About, MailFacts, SeatFacts
from convenor.attendance.rules.seat_states import reason_words
from convenor.events.enums import EventState
from convenor.scheduling.rules.wording import moment_in, names, span_in

SUBJECTS: dict[Notice, str | Promise] = {
    Notice.INVITED: gettext_lazy("Invitation: %(what)s"),
    Notice.CONFIRMED: gettext_lazy("Your seat is confirmed: %(what)s"),
    Notice.HELD: gettext_lazy("Registration received: %(what)s"),
    Notice.WAITLISTED: gettext_lazy("You are on the waitlist: %(what)s"),
    Notice.OFFERED: gettext_lazy("A seat has come free for you: %(what)s"),
    Notice.LAPSED: gettext_lazy("The offered seat has gone on: %(what)s"),
    Notice.CHANGED: gettext_lazy("Registration changed: %(what)s"),
    Notice.CANCELLED: gettext_lazy("Registration cancelled: %(what)s"),
    Notice.SUBSTITUTED: gettext_lazy("Somebody else comes instead: %(what)s"),
    Notice.LINK: gettext_lazy("Your personal link: %(what)s"),
    Notice.MOVED: gettext_lazy("New time or place: %(what)s"),
    Notice.CALLED_OFF: gettext_lazy("Called off: %(what)s"),
}
REMINDERS: dict[About, str | Promise] = {
    About.ANSWER: gettext_lazy("Please answer: %(what)s"),
    About.OFFER: gettext_lazy("Your seat waits for an answer: %(what)s"),
    About.COMING: gettext_lazy("See you soon: %(what)s"),
}
SEATS: dict[SeatState, str | Promise] = {
    SeatState.INVITED: pgettext_lazy("your seat", "invited, not answered yet"),
    SeatState.HELD: pgettext_lazy("your seat", "held for you, not confirmed yet"),
    SeatState.CONFIRMED: pgettext_lazy("your seat", "confirmed"),
    SeatState.WAITLISTED: pgettext_lazy("your seat", "on the waitlist"),
    SeatState.OFFERED: pgettext_lazy("your seat", "offered to you"),
    SeatState.DECLINED: pgettext_lazy("your seat", "declined"),
    SeatState.CANCELLED: pgettext_lazy("your seat", "cancelled"),
    SeatState.SUBSTITUTED: pgettext_lazy("your seat", "given to somebody else"),
    SeatState.CHECKED_IN: pgettext_lazy("your seat", "checked in"),
    SeatState.NO_SHOW: pgettext_lazy("your seat", "given up"),
}
NEWS_OF: dict[Notice, SeatState] = {
    Notice.CONFIRMED: SeatState.CONFIRMED,
    Notice.HELD: SeatState.HELD,
    Notice.WAITLISTED: SeatState.WAITLISTED,
    Notice.OFFERED: SeatState.OFFERED,
}
SILENT = frozenset({Notice.CANCELLED, Notice.LAPSED, Notice.SUBSTITUTED, Notice.CALLED_OFF})
"""What ends something: there is nothing to be said of seats, nor of when to cancel."""


class Words(NamedTuple):
    """A mail; `html` is the body of a page, of paragraphs and lists without any style."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph: lines, then what is listed, then an address to open."""

    lines: tuple[str, ...]
    items: tuple[str, ...] = ()
    link: str = ""


def words_of(notice: Notice, facts: MailFacts) -> Words:
    """The mail in the reader's own language."""
    with translation.override(facts.language):
        parts = [
            *_opening(notice, facts),
            *_facts(notice, facts),
            *_what_to_do(notice, facts),
            _closing(facts),
        ]
        return Words(_subject(notice, facts), _text(parts), _html(parts))


def seat_words(seat: SeatFacts, zone: str) -> str:
    """Where a seat stands, such as "offered to you until 1 December 2026, 12:00"; in the language in force."""
    state = str(SEATS[seat.state])
    if seat.state == SeatState.OFFERED and seat.offer_expires_at:
        values = {"state": state, "moment": moment_in(seat.offer_expires_at, zone)}
        return _("%(state)s until %(moment)s") % values
    return state


def _subject(notice: Notice, facts: MailFacts) -> str:
    if notice == Notice.REMINDER:
        words = REMINDERS[facts.about]
    elif notice == Notice.CALLED_OFF and facts.state == EventState.POSTPONED:
        words = _("Postponed: %(what)s")
    else:
        words = SUBJECTS[notice]
    return " ".join((str(words) % {"what": facts.what}).split())


def _opening(notice: Notice, facts: MailFacts) -> Iterator[Part]:
    yield Part((_("Good day, %(name)s,") % {"name": facts.name},))
    lines = [_news(notice, facts)]
    if facts.reason and notice in {Notice.CANCELLED, Notice.CALLED_OFF, Notice.MOVED, Notice.CHANGED}:
        lines.append(_("Why: %(reason)s") % {"reason": reason_words(facts.reason)})
    yield Part(tuple(lines))


def _news(notice: Notice, facts: MailFacts) -> str:
    values = {"what": facts.what, "other": facts.other}
    if guests := _guests_alone(notice, facts):
        return _("There is news of your guests at “%(what)s”: %(names)s.") % {
            **values,
            "names": names(guests),
        }
    if notice == Notice.REMINDER:
        return _reminds(facts.about) % values
    if notice == Notice.CALLED_OFF and facts.state == EventState.POSTPONED:
        sentence = _(
            "“%(what)s” is postponed. Your registration stays as it is, and you will be told of the new date."
        )
        return sentence % values
    return _sentences()[notice] % values


def _guests_alone(notice: Notice, facts: MailFacts) -> list[str]:
    """The guests whom the news is of, where it isn't of the reader too."""
    state = NEWS_OF.get(notice)
    of_them = [seat.guest for seat in facts.seats if seat.state == state]
    return [] if "" in of_them else list(dict.fromkeys(of_them))


def _sentences() -> dict[Notice, str]:
    return {
        Notice.INVITED: _("You are invited to “%(what)s”."),
        Notice.CONFIRMED: _("Your seat at “%(what)s” is confirmed. We look forward to seeing you."),
        Notice.HELD: _(
            "We have your registration for “%(what)s” and keep a seat for you. You will hear from us once it is confirmed."
        ),
        Notice.WAITLISTED: _(
            "All seats at “%(what)s” are taken. You are on the waitlist, and we write as soon as one comes free."
        ),
        Notice.OFFERED: _("A seat at “%(what)s” has come free, and it is kept for you."),
        Notice.LAPSED: _(
            "There was no answer in time, so the seat at “%(what)s” that was kept for you has gone on to the next."
        ),
        Notice.CHANGED: _("Your registration for “%(what)s” has changed. This is how it stands now."),
        Notice.CANCELLED: _("Your registration for “%(what)s” is cancelled."),
        Notice.SUBSTITUTED: _("%(other)s has your seat at “%(what)s” now and comes instead of you."),
        Notice.LINK: _("This is your personal link for “%(what)s”."),
        Notice.MOVED: _("“%(what)s” has a new time or place; nothing else of your registration has changed."),
        Notice.CALLED_OFF: _("“%(what)s” is called off. You need do nothing."),
    }


def _reminds(about: About) -> str:
    return {
        About.ANSWER: _("You are invited to “%(what)s” and haven't answered yet."),
        About.OFFER: _("A seat at “%(what)s” is kept for you, and we don't know yet whether you take it."),
        About.COMING: _("“%(what)s” is about to begin, and we expect you."),
    }[about]


def _facts(notice: Notice, facts: MailFacts) -> Iterator[Part]:
    lines = [*_when(facts), *_where(facts)]
    if facts.what != facts.event:
        lines.insert(0, _("Part of: %(event)s") % {"event": facts.event})
    is_one = len(facts.seats) == 1 and not facts.seats[0].guest
    if is_one and notice not in SILENT:
        lines.append(_("Your seat: %(state)s") % {"state": seat_words(facts.seats[0], facts.zone)})
    if lines:
        yield Part(tuple(lines))
    if facts.seats and not is_one and notice not in SILENT:
        yield Part((_("Your seats:"),), tuple(_listed(seat, facts) for seat in facts.seats))


def _when(facts: MailFacts) -> Iterator[str]:
    seat = facts.seats[0] if facts.what != facts.event else None
    start, end = (seat.starts_at, seat.ends_at) if seat else (facts.starts_at, facts.ends_at)
    if start and end and facts.state != EventState.POSTPONED:
        values = {"when": span_in(start, end, facts.zone), "zone": facts.zone}
        yield _("When: %(when)s (%(zone)s)") % values


def _where(facts: MailFacts) -> Iterator[str]:
    place = facts.seats[0].place if facts.what != facts.event and facts.seats[0].place else facts.place
    if place:
        yield _("Where: %(place)s") % {"place": place}


def _listed(seat: SeatFacts, facts: MailFacts) -> str:
    """Such as "Ion, Workshop, 7 December 2026, 10:00–11:00, Room 2: on the waitlist"; who it is only of guests."""
    state = _("called off") if seat.is_off else seat_words(seat, facts.zone)
    parts = [*([seat.guest] if seat.guest else []), seat.function or facts.event]
    if seat.function and seat.starts_at and seat.ends_at:
        parts.append(span_in(seat.starts_at, seat.ends_at, facts.zone))
    if seat.function and seat.place:
        parts.append(seat.place)
    return _("%(what)s: %(state)s") % {"what": ", ".join(parts), "state": state}


def _what_to_do(notice: Notice, facts: MailFacts) -> Iterator[Part]:
    if notice in {Notice.CALLED_OFF, Notice.SUBSTITUTED}:
        return
    yield Part((_asks(notice, facts),), link=facts.link)
    if notice != Notice.CANCELLED:
        yield Part((_("The link is yours alone: whoever has it can change your registration."),))


def _asks(notice: Notice, facts: MailFacts) -> str:
    if notice in {Notice.CANCELLED, Notice.LAPSED}:
        return _("If you would like to come after all, your personal page says what you can do:")
    states = {seat.state for seat in facts.seats}
    if SeatState.OFFERED in states:
        return _until(
            facts.offer_expires_at,
            facts.zone,
            _("Please say until %(moment)s whether you take it; after that it goes on to the next:"),
            _("Please say whether you take it:"),
        )
    if SeatState.INVITED in states:
        return _until(
            facts.rsvp_by,
            facts.zone,
            _("Please say until %(moment)s whether you come:"),
            _("Please say whether you come:"),
        )
    if states & {SeatState.CONFIRMED, SeatState.HELD}:
        return _until(
            facts.cancel_free_until,
            facts.zone,
            _("If you can't come, please cancel until %(moment)s, so that somebody else gets the seat:"),
            _("If you can't come, please cancel, so that somebody else gets the seat:"),
        )
    return _("Here you see where your registration stands, and change or cancel it:")


def _until(moment: datetime | None, zone: str, dated: str, undated: str) -> str:
    return dated % {"moment": moment_in(moment, zone)} if moment else undated


def _closing(facts: MailFacts) -> Part:
    return Part((_("Organised by %(name)s") % {"name": facts.organiser},))


def _text(parts: Iterable[Part]) -> str:
    paragraphs = [
        "\n".join([*part.lines, *(f"– {item}" for item in part.items), *([part.link] if part.link else [])])
        for part in parts
    ]
    return "\n\n".join(paragraphs) + "\n"


def _html(parts: Iterable[Part]) -> str:
    return "\n".join(_paragraph(part) for part in parts) + "\n"


def _paragraph(part: Part) -> SafeString:
    lines = format_html_join(SafeString("<br>"), "{}", ((line,) for line in part.lines))
    link = format_html('<br><a href="{0}">{0}</a>', part.link) if part.link else SafeString("")
    listed = format_html_join("", "<li>{}</li>", ((item,) for item in part.items))
    return format_html("<p>{}{}</p>{}", lines, link, format_html("<ul>{}</ul>", listed) if listed else "")
