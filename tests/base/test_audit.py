"""What goes on record."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pytest_django.asserts import assertNumQueries

from convenor.base import request_id
from convenor.base.actor import Actor
from convenor.base.audit import entry, plain, record, record_all, snapshot
from convenor.base.enums import Role
from convenor.base.models import AuditEntry
from convenor.base.queries import audit_log_for, history_of
from tests.base import cast


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("ș", "ș"),
        (Role.VIEWER, "viewer"),
        (Decimal("10.50"), "10.50"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=2))), "2026-03-01T07:00:00+00:00"),
        (datetime(2026, 3, 1, 9), "2026-03-01T09:00:00"),
        (timedelta(minutes=90), 5400.0),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ({1: (date(2026, 3, 1), {2, 1})}, {"1": ["2026-03-01", [1, 2]]}),
    ],
)
def test_values_have_one_plain_form(value: Any, form: Any) -> None:
    assert plain(value) == form
    assert type(plain(value)) is type(form)


def test_what_has_no_plain_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object can't go on record"):
        plain({"a": [object()]})


@pytest.mark.django_db
def test_only_the_changed_keys_are_kept_in_one_insert() -> None:
    alice = cast.user("Alice")
    before = snapshot(alice, ("display_name", "role", "joined_at"))
    alice.role = Role.COORDINATOR
    with request_id.named("req-1"), assertNumQueries(1):
        assert record(
            actor=cast.actor(alice, on_behalf_of=7, on_behalf_of_name="The chair"),
            action="user.changed",
            obj=alice,
            before=before,
            after=snapshot(alice, before),
        )
    kept = AuditEntry.objects.get()
    assert (kept.before, kept.after) == ({"role": "organiser"}, {"role": "coordinator"})
    assert (kept.actor_id, kept.actor_name, kept.on_behalf_of, kept.on_behalf_of_person) == (
        alice.pk,
        "Alice",
        "The chair",
        7,
    )
    assert (kept.object_type, kept.object_id, kept.object_label) == ("base.user", alice.pk, "Alice")
    assert kept.request_id == "req-1"
    assert kept.at.tzinfo == UTC


@pytest.mark.django_db
def test_nothing_is_written_where_nothing_changed() -> None:
    alice = cast.user("Alice")
    same = snapshot(alice, ("role",))
    with assertNumQueries(0):
        assert not record(actor=cast.actor(alice), action="user.changed", obj=alice, before=same, after=same)


@pytest.mark.django_db
def test_creation_and_deletion_keep_everything_and_an_event_needs_nothing() -> None:
    alice = cast.user("Alice")
    system = Actor.system("housekeeping")
    record(actor=system, action="user.created", obj=alice, after={"role": "viewer"})
    record(actor=system, action="user.deleted", obj=alice, before={"role": "viewer"})
    record(actor=system, action="user.reminded", obj=alice)
    kept = AuditEntry.objects.order_by("id").values_list("before", "after", "actor_id", "actor_name")
    assert [tuple(row) for row in kept] == [
        ({}, {"role": "viewer"}, None, "housekeeping"),
        ({"role": "viewer"}, {}, None, "housekeeping"),
        ({}, {}, None, "housekeeping"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_many_entries_are_one_statement(count: int) -> None:
    people = [cast.user(f"P{n}") for n in range(count)]
    entries = [
        entry(actor=Actor.system("import"), action="user.created", obj=person, after={}) for person in people
    ]
    with assertNumQueries(1):
        record_all(entries)
    assert AuditEntry.objects.count() == count


@pytest.mark.django_db
def test_the_log_is_for_coordinators_and_the_outsider_sees_nothing() -> None:
    owner = cast.user("Alice")
    alice = cast.actor(owner)
    record(actor=alice, action="user.signed_in", obj=owner)
    assert [audit_log_for(who).count() for who in (cast.carol(), cast.dora())] == [1, 1]
    assert [audit_log_for(who).count() for who in (alice, cast.bob(), cast.charlie(), Actor.nobody())] == [
        0,
        0,
        0,
        0,
    ]
    assert [str(found.action) for found in history_of(owner)] == ["user.signed_in"]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_reading_the_log_takes_one_query(count: int) -> None:
    owner, carol = cast.user("Alice"), cast.carol()
    for _ in range(count):
        record(actor=cast.actor(owner), action="user.signed_in", obj=owner)
    with assertNumQueries(1):
        assert len([(e.actor and e.actor.email, str(e)) for e in audit_log_for(carol)]) == count
