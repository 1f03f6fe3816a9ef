"""What people may do with the foundation's rows."""

from __future__ import annotations

from typing import Any

from convenor.base import clock, wake
from convenor.base.actor import Actor
from convenor.base.addresses import clear
from convenor.base.audit import record, snapshot
from convenor.base.enums import Role, WorkState
from convenor.base.models import AddressTrouble, Job, OutboxMessage, User
from convenor.base.permissions import require
from convenor.base.transactions import action

PREFERENCES = ("display_name", "language", "zone", "theme")
ACCOUNT = ("email", "display_name", "role", "is_active")


@action
def cancel_job(*, actor: Actor, job: Job) -> None:
    """Stop a waiting job at once, a running one at its next report."""
    require(actor, "job.cancel", job)
    waiting = Job.objects.filter(pk=job.pk, state=WorkState.READY)
    if not waiting.update(state=WorkState.CANCELLED, cancel_requested=True, finished_at=clock.now()):
        Job.objects.filter(pk=job.pk, state=WorkState.LEASED).update(cancel_requested=True)
    record(actor=actor, action="job.cancelled", obj=job)


@action
def retry_message(*, actor: Actor, message: OutboxMessage) -> None:
    """Try again a message that was kept or given up."""
    require(actor, "outbox.retry", message)
    stuck = OutboxMessage.objects.filter(pk=message.pk, state__in=[WorkState.KEPT, WorkState.DEAD])
    if stuck.update(state=WorkState.READY, attempts=0, topic="", run_at=clock.now(), finished_at=None):
        record(actor=actor, action="outbox.retried", obj=message)
        wake.when_committed()


@action
def retry_job(*, actor: Actor, job: Job) -> None:
    """Try again a job that was given up."""
    require(actor, "outbox.retry", job)
    stuck = Job.objects.filter(pk=job.pk, state=WorkState.DEAD)
    if stuck.update(
        state=WorkState.READY, attempts=0, run_at=clock.now(), finished_at=None, cancel_requested=False
    ):
        record(actor=actor, action="job.retried", obj=job)
        wake.when_committed()


@action
def clear_trouble(*, actor: Actor, trouble: AddressTrouble) -> None:
    """Somebody says that mail reaches this address again."""
    require(actor, "mail.clear_trouble", trouble)
    record(actor=actor, action="mail.trouble_cleared", obj=trouble)
    clear(trouble.address)


@action
def create_user(
    *, actor: Actor, email: str, display_name: str, role: Role = Role.ORGANISER, password: str | None = None
) -> User:
    """Give somebody an account; ValidationError for an address that is taken or a name that is too long."""
    require(actor, "user.set_role")
    user = User(email=email, display_name=display_name, role=role)
    user.set_password(password)
    user.full_clean()
    user.save(force_insert=True)
    record(actor=actor, action="user.created", obj=user, after=snapshot(user, ACCOUNT))
    return user


@action
def change_account(*, actor: Actor, user: User, **changes: Any) -> User:
    """Set any of ACCOUNT's columns; ValidationError if they can't be so."""
    require(actor, "user.set_role", user)
    return _change(actor, user, "user.changed", ACCOUNT, changes)


@action
def set_preferences(*, actor: Actor, user: User, **changes: Any) -> User:
    """Set any of PREFERENCES' columns; ValidationError if they can't be so."""
    require(actor, "user.edit", user)
    return _change(actor, user, "user.preferences_set", PREFERENCES, changes)


def _change(actor: Actor, user: User, verb: str, columns: tuple[str, ...], changes: dict[str, Any]) -> User:
    if unknown := changes.keys() - set(columns):
        raise TypeError(f"not among {columns}: {', '.join(sorted(unknown))}")
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = snapshot(row, columns)
    for name, value in changes.items():
        setattr(row, name, value)
    row.full_clean()
    row.save(update_fields=list(changes))
    record(actor=actor, action=verb, obj=row, before=before, after=snapshot(row, columns))
    return row
