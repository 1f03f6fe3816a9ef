"""Sites, equipment and closures: who may change them, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor, Refused
from convenor.base.changes import sentences
from convenor.base.models import AuditEntry
from convenor.base.stale import Stale, stale_listeners
from convenor.venues import registry
from convenor.venues.actions.closure import change_closure, create_closure, withdraw_closure
from convenor.venues.actions.equipment import change_equipment, create_equipment, retire_equipment, set_stock
from convenor.venues.actions.site import (
    change_site,
    create_site,
    restore_site,
    retire_site,
    set_opening_hours,
    set_travel,
)
from convenor.venues.models import Closure, Equipment, Site
from convenor.venues.queries.opening import opening_hours
from convenor.venues.queries.rooms import closures_for, equipment_for, stock_of
from convenor.venues.queries.sites import site_by_code_for, sites_for, travel_minutes
from convenor.venues.registry import BookedPieces
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.venues import (
    ClosureFactory,
    EquipmentFactory,
    RoomEquipmentFactory,
    RoomFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SYSTEM = Actor.system("test")
SITE: dict[str, Any] = {"code": "BUC", "name": "Bucharest", "zone": "Europe/Bucharest", "country": "RO"}


def refusal(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return sentences(error.value)


@pytest.fixture
def told() -> Iterator[list[Stale]]:
    heard: list[Stale] = []
    stale_listeners.append(heard.append)
    yield heard
    stale_listeners.remove(heard.append)


def changes(site: Site, kind: Equipment, closure: Closure) -> list[Callable[[Actor], object]]:
    """Every action on these, to be called by somebody."""
    return [
        lambda actor: create_site(actor=actor, **SITE),
        lambda actor: change_site(actor=actor, site_id=site.pk, name="Mine"),
        lambda actor: set_opening_hours(actor=actor, site_id=site.pk, hours=[]),
        lambda actor: set_travel(actor=actor, site_id=site.pk, minutes={}),
        lambda actor: retire_site(actor=actor, site_id=site.pk),
        lambda actor: restore_site(actor=actor, site_id=site.pk),
        lambda actor: create_equipment(actor=actor, code="x", name="X"),
        lambda actor: change_equipment(
            actor=actor, equipment_id=kind.pk, code="x", name="X", is_movable=True
        ),
        lambda actor: retire_equipment(actor=actor, equipment_id=kind.pk),
        lambda actor: set_stock(actor=actor, equipment_id=kind.pk, site_id=site.pk, pieces=1, now=NOW),
        lambda actor: create_closure(actor=actor, site=site, starts_at=NOW, ends_at=NOW, reason="x"),
        lambda actor: change_closure(actor=actor, closure_id=closure.pk, reason="x"),
        lambda actor: withdraw_closure(actor=actor, closure_id=closure.pk),
    ]


def test_only_coordinators_change_places_and_the_outsider_sees_none() -> None:
    closure: Closure = ClosureFactory.create()
    kind: Equipment = EquipmentFactory.create()
    member, outsider = actor_of(bob(home_site=None)), actor_of(charlie())
    for change in changes(closure.site, kind, closure):
        for actor in (member, outsider):
            with pytest.raises(Refused):
                change(actor)
    assert not AuditEntry.objects.exists()
    assert (list(sites_for(member)), list(equipment_for(member))) == ([closure.site], [kind])
    assert list(closures_for(member, site=closure.site)) == [closure]
    for rows in (sites_for(outsider), equipment_for(outsider), closures_for(outsider)):
        assert not rows.exists()
    with pytest.raises(Site.DoesNotExist):
        site_by_code_for(outsider, closure.site.code)


def test_a_site_is_made_changed_and_retired() -> None:
    actor = actor_of(alice(home_site=None))
    site = create_site(actor=actor, **SITE | {"country": "ro", "currency": "ron"})
    assert (site.country, site.currency) == ("RO", "RON")
    change_site(actor=actor, site_id=site.pk, address="Calea Victoriei 1")
    set_opening_hours(actor=actor, site_id=site.pk, hours=[(0, time(8), time(20))])
    assert [(h.weekday, h.start, h.end) for h in opening_hours(site.pk)] == [(0, 28_800, 72_000)]
    room = RoomFactory.create(site=site, code="R1")
    with pytest.raises(ValidationError) as error:
        retire_site(actor=actor, site_id=site.pk)
    assert refusal(error) == {"is_active": ["Rooms of this site are in use: R1. Take them out of use first."]}
    room.delete()
    retire_site(actor=actor, site_id=site.pk)
    assert not sites_for(actor).exists()
    restore_site(actor=actor, site_id=site.pk)
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == [
        "site.created",
        "site.changed",
        "site.hours_set",
        "site.retired",
        "site.restored",
    ]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"zone": "Mars/Phobos"}, "zone", "“Mars/Phobos” is not a time zone."),
        ({"country": "XX"}, "country", "“XX” is not a country's two-letter code, such as RO."),
        ({"currency": "EURO"}, "currency", "Ensure this value has at most 3 characters (it has 4)."),
        ({"currency": "XYZ"}, "currency", "“XYZ” is not a currency's three-letter code, such as EUR."),
        ({"name": "a\x00"}, "name", "Character 2 is one that can't be kept (U+0000)."),
    ],
)
def test_bad_sites_get_a_sentence(fields: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as error:
        create_site(actor=SYSTEM, **SITE | fields)
    assert refusal(error) == {field: [sentence]}
    with pytest.raises(ValidationError) as error:
        create_site(actor=SYSTEM, **SITE | {"country": "DE", "subdivision": "XX"})
    assert list(refusal(error)) == ["subdivision"]
    assert not Site.objects.exists()


def test_travel_is_both_ways_and_can_be_forgotten(told: list[Stale]) -> None:
    a, b, c = SiteFactory.create_batch(3)
    set_travel(actor=SYSTEM, site_id=a.pk, minutes={b.pk: 40, c.pk: 90})
    assert travel_minutes() == {(a.pk, b.pk): 40, (b.pk, a.pk): 40, (a.pk, c.pk): 90, (c.pk, a.pk): 90}
    set_travel(actor=SYSTEM, site_id=a.pk, minutes={b.pk: None})
    assert travel_minutes() == {(a.pk, c.pk): 90, (c.pk, a.pk): 90}
    assert told[0].site_ids == (a.pk, b.pk, c.pk)
    for bad in ({a.pk: 5}, {b.pk: -1}, {b.pk: 9_999}, {0: 5}):
        with pytest.raises(ValidationError):
            set_travel(actor=SYSTEM, site_id=a.pk, minutes=bad)


def test_stock_grows_and_shrinks_by_what_is_not_booked() -> None:
    site: Site = SiteFactory.create()
    kind = create_equipment(actor=SYSTEM, code="beamer", name="Beamer", is_movable=True)
    set_stock(actor=SYSTEM, equipment_id=kind.pk, site_id=site.pk, pieces=3, now=NOW)
    (first, second, third) = stock_of([kind.pk])[kind.pk, site.pk]
    booking = BookedPieces(NOW, NOW + timedelta(hours=1), kind.pk, site.pk, "Gala", (second, third))
    others = list(registry.booked_pieces)
    registry.booked_pieces[:] = [lambda ids, _now: [booking] if set(ids) & {second, third} else []]
    try:
        set_stock(actor=SYSTEM, equipment_id=kind.pk, site_id=site.pk, pieces=2, now=NOW)
        assert stock_of([kind.pk])[kind.pk, site.pk] == [second, third]
        with pytest.raises(ValidationError) as error:
            set_stock(actor=SYSTEM, equipment_id=kind.pk, site_id=site.pk, pieces=1, now=NOW)
        assert refusal(error) == {
            "pieces": ["Of “Beamer”, 2 pieces are booked:", "“Gala”, 1 December 2026 11:00"]
        }
    finally:
        registry.booked_pieces[:] = others
    set_stock(actor=SYSTEM, equipment_id=kind.pk, site_id=site.pk, pieces=4, now=NOW)
    assert stock_of([kind.pk])[kind.pk, site.pk][:3] == [first, second, third]
    assert [vars(each)["pieces"] for each in equipment_for(SYSTEM, movable=True)] == [4]
    for pieces in (-1, 1_001):
        with pytest.raises(ValidationError):
            set_stock(actor=SYSTEM, equipment_id=kind.pk, site_id=site.pk, pieces=pieces, now=NOW)


def test_equipment_in_use_stays_on_the_list() -> None:
    kind = create_equipment(actor=SYSTEM, code="screen", name="Screen")
    with pytest.raises(ValidationError) as error:
        set_stock(actor=SYSTEM, equipment_id=kind.pk, site_id=SiteFactory.create().pk, pieces=1, now=NOW)
    assert refusal(error) == {"pieces": ["“Screen” isn't movable, so no site keeps a stock of it."]}
    row = RoomEquipmentFactory.create(equipment=kind)
    with pytest.raises(ValidationError):
        retire_equipment(actor=SYSTEM, equipment_id=kind.pk)
    row.delete()
    retire_equipment(actor=SYSTEM, equipment_id=kind.pk)
    assert not Equipment.objects.exists()
    assert AuditEntry.objects.filter(action="equipment.retired").count() == 1


def test_closures_come_and_go_and_say_what_they_touch(told: list[Stale]) -> None:
    room = RoomFactory.create()
    start = NOW + timedelta(days=1)
    closure = create_closure(
        actor=SYSTEM,
        room=room,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        reason="Paint",
        kind="outage",
    )
    assert closure.site == room.site
    change_closure(actor=SYSTEM, closure_id=closure.pk, ends_at=start + timedelta(hours=3))
    withdraw_closure(actor=SYSTEM, closure_id=closure.pk)
    assert not Closure.objects.exists()
    assert [(stale.site_ids, stale.ends_at) for stale in told] == [
        ((room.site_id,), start + timedelta(hours=hours)) for hours in (2, 2, 3, 3)
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_at": NOW - timedelta(days=1)}, "ends_at"),
        ({"reason": ""}, "reason"),
        ({"kind": "whim"}, "kind"),
        ({"floor": "1"}, "floor"),
        ({"site": "other"}, "room"),
    ],
)
def test_bad_closures_get_a_sentence(fields: dict[str, Any], field: str) -> None:
    room = RoomFactory.create()
    given: dict[str, Any] = {
        "room": room,
        "starts_at": NOW,
        "ends_at": NOW + timedelta(hours=1),
        "reason": "Paint",
    }
    given |= {name: SiteFactory.create() if value == "other" else value for name, value in fields.items()}
    with pytest.raises(ValidationError) as error:
        create_closure(actor=SYSTEM, **given)
    assert list(refusal(error)) == [field]
    assert not Closure.objects.exists()
