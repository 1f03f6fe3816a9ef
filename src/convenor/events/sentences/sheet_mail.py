"""The mails that tell caterers, AV, security and facility of their function sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.events.enums import Service
from convenor.events.models import SheetReceipt
from convenor.events.rules.sheet_words import day_and_time, section_names
from convenor.people.models import Person

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A receipt with the number of its sheet."""

    receipt: SheetReceipt
    number: str


def mails_of(
    event_title: str, told: Iterable[Told], people: Mapping[int, Person], *, again: bool
) -> Iterator[tuple[int, int, Payload]]:
    """For each person their key, the key of their last receipt, and the mail about all of theirs (base.mail has its shape)."""
    theirs: dict[int, list[Told]] = defaultdict(list)
    for each in told:
        theirs[each.receipt.person_id].append(each)
    for person_id, mine in theirs.items():
        person = people[person_id]
        with translation.override(_language(person)):
            yield person_id, max(each.receipt.pk for each in mine), _mail(event_title, person, mine, again)


def sheet_address(receipt: SheetReceipt) -> str:
    """The whole secret address at which it is read and acknowledged."""
    return settings.PUBLIC_URL + reverse("sheet.open", args=[receipt.token])


def _language(person: Person) -> str:
    account = person.user
    return (account.language if account is not None else "") or settings.LANGUAGE_CODE


def _mail(event_title: str, person: Person, told: list[Told], again: bool) -> Payload:
    n, params = len(told), {"n": len(told), "event": event_title}
    if again:
        subject = ngettext(
            "Please acknowledge: %(n)d function sheet for “%(event)s”",
            "Please acknowledge: %(n)d function sheets for “%(event)s”",
            n,
        )
    else:
        subject = ngettext("%(n)d function sheet for “%(event)s”", "%(n)d function sheets for “%(event)s”", n)
    head = ngettext(
        "A function sheet for “%(event)s” is for you. Please read it and say so at its address; you need no account.",
        "%(n)d function sheets for “%(event)s” are for you. Please read them and say so at their addresses; "
        "you need no account.",
        n,
    )
    lines = [_("Good day, %(name)s,") % {"name": person.name}, "", head % params]
    for each in told:
        lines += ["", *_about(each)]
    return {"to": [person.email], "subject": subject % params, "text": "\n".join(lines) + "\n"}


def _about(told: Told) -> Iterator[str]:
    sheet = told.receipt.sheet
    params = {"number": told.number, "title": sheet.content["function"]["title"], "revision": sheet.revision}
    yield _("%(number)s %(title)s, revision %(revision)d") % params
    yield f"{day_and_time(sheet.content)} · {Service(told.receipt.service).label}"
    if sheet.changed_sections:
        yield _("Changed: %(sections)s") % {"sections": ", ".join(section_names(sheet.changed_sections))}
    yield sheet_address(told.receipt)
