"""A roll on paper: by name, to sign, and as badges. Data in words of the present language, and the PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final
from zoneinfo import ZoneInfo

import segno
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from convenor.attendance.enums import BadgeRole
from convenor.attendance.queries.exports import RollList, RollRow
from convenor.attendance.sentences.roll_table import title_of
from convenor.base.papers import drawn, typeset
from convenor.events.models import Event

MOST_DAYS: Final = 31
"""Of an event that lasts longer a sign-in sheet of its first days is made."""
SPARE_LINES: Final = 10
"""At the end of a sign-in sheet, for whoever isn't on the list."""


def roll_pdf(found: RollList, *, now: datetime) -> bytes:
    return typeset("attendance/roll", roll_data(found, now=now), made_at=now)


def sign_in_pdf(found: RollList, *, now: datetime) -> bytes:
    return typeset("attendance/sign_in", sign_in_data(found), made_at=now)


def badges_pdf(found: RollList, roles: Mapping[int, BadgeRole], *, now: datetime, is_sheet: bool) -> bytes:
    """Ten to a sheet, or one to a page."""
    return typeset("attendance/badges", badges_data(found, roles, is_sheet=is_sheet), made_at=now)


def roll_data(found: RollList, *, now: datetime) -> dict[str, Any]:
    made = date_format(now.astimezone(ZoneInfo(found.event.zone)), "WEEKDAY_YEAR_TIME_FORMAT")
    number = len(found.rows)
    people = ngettext("%(n)d person.", "%(n)d people.", number) % {"n": number}
    return {
        **_cover(found, _("Roll")),
        "made": " ".join((_("As of %(when)s.") % {"when": made}, people)),
        "head": [_("Name"), _("Organisation"), _("State"), _("Guests"), _("Functions")],
        "rows": [_line(row) for row in found.rows],
        "empty": _("Nobody."),
    }


def sign_in_data(found: RollList) -> dict[str, Any]:
    """A sheet for the function, or one for each day of the event."""
    spare = {"number": "", "name": "", "small": "", "organisation": ""}
    rows = [
        {"number": str(number), "name": row.name, "small": _small(row), "organisation": _from(row)}
        for number, row in enumerate(found.rows, start=1)
    ]
    return {
        **_cover(found, _("Sign-in sheet")),
        "head": ["", _("Name"), _("Organisation"), _("Signature")],
        "sheets": [{"title": title} for title in _days(found)],
        "rows": [*rows, *[spare] * SPARE_LINES],
    }


def badges_data(found: RollList, roles: Mapping[int, BadgeRole], *, is_sheet: bool) -> dict[str, Any]:
    return {
        "title": f"{found.event.title}: {_('Badges')}",
        "language": get_language() or "en",
        "event": found.event.title,
        "sheet": is_sheet,
        "badges": [_badge(row, roles) for row in found.rows],
    }


def badge_name(name: str) -> str:
    """What our typeface can draw of it; nothing where no letter is left, and the name is written by hand."""
    found = drawn(name)
    return found if any(each.isalpha() for each in found) else ""


def code_svg(code: str) -> str:
    """The QR code without a border: a badge has its own margin."""
    made = BytesIO()
    segno.make(code, error="m", micro=False).save(made, kind="svg", border=0, xmldecl=False, omitsize=True)
    return made.getvalue().decode().strip()


def _cover(found: RollList, what: str) -> dict[str, Any]:
    name = title_of(found)
    return {
        "title": f"{name}: {what}",
        "language": get_language() or "en",
        "labels": {"page": _("page {n} of {of}")},
        "what": what if name == found.event.title else f"{found.event.title} · {what}",
        "name": name,
    }


def _line(row: RollRow) -> dict[str, str]:
    return {
        "name": row.name,
        "small": _small(row),
        "organisation": _from(row),
        "state": str(row.state.label),
        "guests": str(row.guests or ""),
        "functions": "\n".join(row.functions),
    }


def _small(row: RollRow) -> str:
    """Whose guest; and what they can be told by, where the typeface can't draw the name."""
    guest = _("Guest of %(name)s") % {"name": row.guest_of} if row.guest_of else ""
    known_by = "" if badge_name(row.name) else row.email or row.code
    return " · ".join(filter(None, (guest, known_by)))


def _from(row: RollRow) -> str:
    """The department within one's own house is said, since the house is the same for all of them."""
    return ", ".join(dict.fromkeys(filter(None, (row.organisation, row.department))))


def _days(found: RollList) -> Sequence[str]:
    if found.roll.function:
        occurrence = found.roll.function.occurrence
        starts = occurrence.starts_at.astimezone(ZoneInfo(found.event.zone))
        return [date_format(starts, "WEEKDAY_YEAR_TIME_FORMAT")]
    return [date_format(day, "WEEKDAY_YEAR_FORMAT") for day in _days_of(found.event)] or [""]


def _days_of(event: Event) -> list[datetime]:
    if event.starts_at is None or event.ends_at is None:
        return []
    zone = ZoneInfo(event.zone)
    first, last = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    number = min((last.date() - first.date()).days + 1, MOST_DAYS)
    return [first + timedelta(days=day) for day in range(number)]


def _badge(row: RollRow, roles: Mapping[int, BadgeRole]) -> dict[str, str]:
    usual = BadgeRole.GUEST if row.guest_of else None
    role = roles.get(row.person_id, usual) if row.person_id else usual
    return {
        "name": badge_name(row.name),
        "organisation": _from(row),
        "role": str(role.label) if role else "",
        "code": code_svg(row.code),
        "alt": _("QR code %(code)s") % {"code": row.code},
    }
