"""Function sheets as the PDF's data, and the PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convenor.base.papers import typeset
from convenor.base.tasks.progress import report
from convenor.events.enums import Service
from convenor.events.models import Sheet
from convenor.events.rules.sheet import Content, part_of, sheet_number
from convenor.events.rules.sheet_words import section_names, written


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A revision, as a paper shows it."""

    number: str
    revision: int
    issued_at: datetime
    zone: str
    content: Content
    changed: Sequence[str] = ()


def page_of(sheet: Sheet, *, service: Service | None = None) -> SheetPage:
    """The sheet's page, or a service's part of it; its function comes with its event."""
    event = sheet.function.event
    content = part_of(sheet.content, service) if service else sheet.content
    return SheetPage(
        number=sheet_number(event.key, sheet.function.number),
        revision=sheet.revision,
        issued_at=sheet.issued_at,
        zone=event.zone,
        content=content,
        changed=[each for each in sheet.changed_sections if each in content],
    )


def sheets_pdf(pages: Sequence[SheetPage], *, title: str) -> bytes:
    """One PDF of them all, in the present language; reports its progress to the job that it may run in."""
    language, total = get_language() or "en", len(pages) + 1
    sheets = []
    for done, page in enumerate(pages):
        report(done=done, total=total, label=page.number)
        sheets.append(_sheet(page))
    report(done=total - 1, total=total, label=_("Setting the pages…"))
    labels = {"page": _("page {n} of {of}")}
    data = {"title": title, "language": language, "labels": labels, "sheets": sheets}
    latest = max(page.issued_at for page in pages)
    made = typeset("events/sheets", data, made_at=latest)
    report(done=total, total=total)
    return made


def revision_words(revision: int, issued_at: datetime, zone: str) -> str:
    """`Revision 2, Mon 23 Nov 2026, 10:15`."""
    when = date_format(issued_at.astimezone(ZoneInfo(zone)), "WEEKDAY_YEAR_TIME_FORMAT")
    return _("Revision %(number)d, %(when)s") % {"number": revision, "when": when}


def _sheet(page: SheetPage) -> dict[str, Any]:
    function = page.content["function"]
    changed = ", ".join(section_names(list(page.changed)))
    return {
        "event": function["event"],
        "number": page.number,
        "title": function["title"],
        "revision": revision_words(page.revision, page.issued_at, page.zone),
        "cancelled": _("Cancelled") if function["is_cancelled"] else "",
        "changed": _("Changed: %(sections)s") % {"sections": changed} if changed else "",
        "sections": [asdict(each) for each in written(page.content)],
    }
