"""The classes that come with the package: brought into the database, and kept up with the package until the company edits them."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.models import ClassVersion, EventClass
from convenor.events.queries.shipped import SHIPPED_NOTE, is_shipped, shipped_texts


def ship_classes() -> list[str]:
    """Bring in what isn't there and what the package words anew; the codes of the classes that it wrote.

    A class whose newest version somebody in the company wrote is left alone. Running it again does nothing.
    """
    return [code for code, text in shipped_texts().items() if _ship(code=code, text=text)]


def _ship(*, code: str, text: str) -> bool:
    try:
        return _ship_one(code=code, text=text)
    except IntegrityError:
        return False  # another process, started at the same moment, was first


@action
def _ship_one(*, code: str, text: str) -> bool:
    newest = ClassVersion.objects.filter(event_class__code=code).order_by("-number").first()
    if newest is not None and (newest.text == text or not is_shipped(newest)):
        return False
    with transaction.atomic():
        event_class = newest.event_class if newest else EventClass.objects.create(code=code)
        number = newest.number + 1 if newest else 1
        version = ClassVersion.objects.create(
            event_class=event_class, number=number, text=text, note=SHIPPED_NOTE
        )
    audit.record(
        actor=Actor.system("convenor"),
        action="event_class.shipped",
        obj=version,
        after=audit.snapshot(version, ("number", "note")),
    )
    return True
