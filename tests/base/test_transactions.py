"""Actions: all or nothing, again where the database asks for it, and a sentence where that doesn't help."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction

from convenor.base import transactions
from convenor.base.enums import WorkState
from convenor.base.models import AuditEntry, Job, OutboxMessage, User
from convenor.base.refusals import as_validation_error, violated
from convenor.base.transactions import Busy, action
from tests.base import cast


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    """Run `work` on a connection of its own, closed at the end."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def rename(user: User, name: str) -> None:
    User.objects.filter(pk=user.pk).update(display_name=name)


@pytest.mark.django_db(transaction=True)
def test_an_action_is_all_or_nothing() -> None:
    alice = cast.user("Alice")

    @action
    def rename_and_stumble() -> None:
        rename(alice, "Alicia")
        raise ValueError("stumbled")

    with pytest.raises(ValueError, match="stumbled"):
        rename_and_stumble()
    alice.refresh_from_db()
    assert alice.display_name == "Alice"


@pytest.mark.django_db
def test_an_action_inside_another_undoes_only_itself() -> None:
    alice = cast.user("Alice")

    @action
    def take_her_address() -> None:
        rename(alice, "Nobody")
        cast.user("Alice")

    @action
    def outer() -> None:
        rename(alice, "Alicia")
        with pytest.raises(IntegrityError):
            take_her_address()

    outer()
    alice.refresh_from_db()
    assert alice.display_name == "Alicia"


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_of_two_that_wait_for_each_other_one_runs_again() -> None:
    alice, bob = cast.user("Alice"), cast.user("Bob")
    both_hold_one = threading.Barrier(2)
    runs: list[str] = []

    @action
    def rename_both(first: User, second: User, name: str) -> None:
        runs.append(name)
        rename(first, name)
        if len(runs) <= 2:
            both_hold_one.wait(timeout=30)
        rename(second, name)

    threads = [
        in_thread(lambda: rename_both(alice, bob, "One")),
        in_thread(lambda: rename_both(bob, alice, "Two")),
    ]
    for thread in threads:
        thread.join()
    assert len(runs) == 3
    assert set(User.objects.values_list("display_name", flat=True)) == {runs[-1]}


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = cast.user("Alice")
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            rename(alice, "Held")
            held.set()
            over.wait(timeout=30)

    monkeypatch.setattr(transactions, "LOCK_TIMEOUT", "50ms")
    connection.close()  # the limit is set once for each connection
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA busy_timeout = 50")
    thread = in_thread(hold)
    try:
        assert held.wait(timeout=30)
        with pytest.raises(Busy, match=r"Nothing was changed; please try again\."):
            action(rename)(alice, "Mine")
    finally:
        over.set()
        thread.join()
        connection.close()  # with it the short timeout
    alice.refresh_from_db()
    assert alice.display_name == "Held"


@pytest.mark.django_db(transaction=True)
def test_other_troubles_of_the_database_are_passed_on() -> None:
    calls: list[int] = []

    @action
    def stumble() -> None:
        calls.append(1)
        raise OperationalError("disk full")

    with pytest.raises(OperationalError, match="disk full"):
        stumble()
    assert calls == [1]


def job(**fields: Any) -> Job:
    return Job.objects.create(**{"task": "t", "queue": "default", **fields})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("write", "name"),
    [
        (lambda: User.objects.create_user("a@b.ro", role="queen"), "user_role_known"),
        (
            lambda: [OutboxMessage.objects.create(kind="a", key="b", payload={}) for _ in range(2)],
            "outbox_once",
        ),
        (lambda: [job(key="k") for _ in range(2)], "job_key_once"),
        (lambda: job(state=WorkState.LEASED), "job_lease"),
        (
            lambda: User.objects.bulk_create(
                [User(email="a@b.ro", password="x"), User(email="A@B.ro", password="y")]
            ),
            None,
        ),
        (lambda: job(task=None), None),
    ],
)
def test_the_refusal_names_the_declared_constraint(write: Callable[[], Any], name: str | None) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        write()
    assert violated(refused.value) == name
    if name is None:
        with pytest.raises(IntegrityError):
            as_validation_error(refused.value)
    else:
        assert isinstance(as_validation_error(refused.value), ValidationError)


@pytest.mark.django_db(transaction=True)
def test_a_foreign_key_that_leads_nowhere_is_no_constraint_of_ours() -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        job(requested_by_id=999_999)
    assert violated(refused.value) is None
    assert not AuditEntry.objects.exists()
