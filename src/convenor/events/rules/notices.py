"""What people are told of an event, in words: a subject and a text. In the language in force."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from convenor.events.enums import Occasion


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """`dates` as people write them, "" where there are none; `who` did it, `link` leads to the event."""

    title: str
    dates: str
    who: str
    reason: str = ""
    link: str = ""


def subject_of(occasion: Occasion, facts: NoticeFacts) -> str:
    words = {
        Occasion.CONFIRMED: _("Confirmed: %(title)s"),
        Occasion.MOVED: _("New dates: %(title)s"),
        Occasion.POSTPONED: _("Postponed: %(title)s"),
        Occasion.CANCELLED: _("Cancelled: %(title)s"),
        Occasion.CLOSED: _("Closed: %(title)s"),
    }
    return " ".join((words[occasion] % {"title": facts.title}).split())


def text_of(occasion: Occasion, facts: NoticeFacts) -> str:
    """A sentence, then the dates, the reason and the link, each on a line of its own."""
    words = {
        Occasion.CONFIRMED: _("%(who)s has confirmed “%(title)s”."),
        Occasion.MOVED: _("%(who)s has moved “%(title)s”."),
        Occasion.POSTPONED: _("%(who)s has postponed “%(title)s”. New dates will follow."),
        Occasion.CANCELLED: _("%(who)s has cancelled “%(title)s”."),
        Occasion.CLOSED: _("%(who)s has closed “%(title)s”."),
    }
    lines = [words[occasion] % {"who": facts.who, "title": facts.title}]
    if facts.dates:
        lines.append(_("When: %(dates)s") % {"dates": facts.dates})
    if facts.reason:
        lines.append(_("Why: %(reason)s") % {"reason": facts.reason})
    return "\n".join([*lines, *(["", facts.link] if facts.link else [])]) + "\n"
