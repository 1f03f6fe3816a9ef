"""Who may bring calendars in and let them out. docs/permissions.md shows the whole table.

The objects are a person's key, or a feed.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.permissions import coordinator, register, rule, staff


@rule("the calendar's person")
def calendars_person(actor: Actor, person_id: int | None) -> bool:
    return person_id is not None and actor.person_id == person_id


@rule("a delegate of that person who may act")
def acts_for_person(actor: Actor, person_id: int | None) -> bool:
    return person_id is not None and actor.may_act_for(person_id)


@rule("a delegate of that person who may see")
def sees_for_person(actor: Actor, person_id: int | None) -> bool:
    return person_id is not None and actor.may_see_for(person_id)


@rule("the feed's owner")
def feeds_owner(actor: Actor, feed: Any) -> bool:
    return feed is not None and actor.person_id is not None and feed.owner_id == actor.person_id


PERMISSIONS = {
    "calendar.import": coordinator,
    "calendar.subscribe": calendars_person | acts_for_person | coordinator,
    "calendar.see_titles": calendars_person,
    "feed.create_for_person": calendars_person | sees_for_person | coordinator,
    "feed.create_for_place": staff,
    "feed.manage": feeds_owner | coordinator,
}
REFUSALS = {
    "calendar.import": _("Calendars are imported by coordinators and administrators."),
    "calendar.subscribe": _(
        "You can bring in calendars for yourself and for those who let you act for them."
    ),
    "feed.create_for_person": _(
        "You can make a feed of your own calendar and of those who let you see theirs."
    ),
    "feed.create_for_place": _("Feeds of rooms and departments are for the company's own people."),
    "feed.manage": _("A feed is renewed and revoked by whoever made it."),
}


def add() -> None:
    register(PERMISSIONS, REFUSALS)
