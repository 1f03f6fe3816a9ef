"""What is on record stays, whatever SQL comes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from convenor.base.append_only import AppendOnly
from convenor.base.audit import record
from convenor.base.models import AuditEntry
from convenor.base.refusals import as_validation_error, violated
from tests.base import cast


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        lambda: AuditEntry.objects.update(action="nothing"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.get().delete(),
        lambda: AuditEntry.objects.get().save(),
        lambda: sql("UPDATE base_auditentry SET actor_name = 'Nobody'"),
        lambda: sql("DELETE FROM base_auditentry"),
        pytest.param(
            lambda: sql("REPLACE INTO base_auditentry SELECT * FROM base_auditentry"),
            marks=pytest.mark.sqlite_only,
        ),
        pytest.param(
            lambda: sql(
                "INSERT INTO base_auditentry SELECT * FROM base_auditentry "
                "ON CONFLICT (id) DO UPDATE SET actor_name = 'Nobody'"
            ),
            marks=pytest.mark.postgres_only,
        ),
    ],
)
@pytest.mark.django_db
def test_the_database_refuses_every_way_to_change_it(change: Callable[[], Any]) -> None:
    alice = cast.user("Alice")
    record(actor=cast.actor(alice), action="user.created", obj=alice, after={"role": alice.role})
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        change()
    assert violated(refused.value) == "audit_append_only"
    assert as_validation_error(refused.value).messages == ["What is on record can't be changed."]
    kept = AuditEntry.objects.get()
    assert (kept.action, kept.actor_name) == ("user.created", "Alice")


@pytest.mark.django_db
def test_who_is_on_record_can_not_be_deleted() -> None:
    alice = cast.user("Alice")
    record(actor=cast.actor(alice), action="user.signed_in", obj=alice)
    with pytest.raises(models.ProtectedError):
        alice.delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_the_tests_own_flush_empties_it_and_leaves_it_guarded(round_: int) -> None:
    assert not AuditEntry.objects.exists()
    alice = cast.user("Alice")
    record(actor=cast.actor(alice), action="user.created", obj=alice)
    with pytest.raises(IntegrityError):
        AuditEntry.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_it_lives_through_migrations() -> None:
    state = ProjectState()
    operations = [
        migrations.CreateModel(
            "Fact", [("id", models.BigAutoField(primary_key=True)), ("text", models.TextField())]
        ),
        migrations.AddConstraint("fact", AppendOnly(name="fact_append_only")),
        migrations.AddField("fact", "colour", models.CharField(max_length=9, default="red")),
        migrations.AlterField("fact", "colour", models.CharField(max_length=90, default="blue")),
    ]
    for operation in operations:
        state = applied(operation, state)
    fact = state.apps.get_model("recorded", "Fact")
    fact.objects.create(text="so it was")
    for statement in ("UPDATE recorded_fact SET text = ''", "DELETE FROM recorded_fact"):
        with pytest.raises(IntegrityError, match="fact_append_only"):
            sql(statement)
    state = applied(migrations.RemoveConstraint("fact", "fact_append_only"), state)
    sql("DELETE FROM recorded_fact")
    applied(migrations.DeleteModel("Fact"), state)


def applied(operation: migrations.operations.base.Operation, before: ProjectState) -> ProjectState:
    after = before.clone()
    operation.state_forwards("recorded", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("recorded", editor, before, after)
    return after


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "base", check=True, dry_run=True, verbosity=0)
