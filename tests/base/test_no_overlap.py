"""NoOverlap, on the engine that the run was started for."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter
from django.db.models import F, Q

from convenor.base.no_overlap import NoOverlap, ends_after_starts
from convenor.base.refusals import as_validation_error, violated
from tests import child
from tests.base.testapp.models import Slot, Stay

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def slot(start: float, end: float, unit: int = 1, **fields: Any) -> Slot:
    return Slot(unit=unit, starts_at=at(start), ends_at=at(end), **fields)


def refused(write: Any) -> str | None:
    """The constraint that refuses `write`, or None if it is accepted."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return violated(error) or str(error)
    return None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        (slot(9, 10), "slot_no_overlap"),
        (slot(8, 11), "slot_no_overlap"),
        (slot(9.25, 9.75), "slot_no_overlap"),
        (slot(8, 9.001), "slot_no_overlap"),
        (slot(9.999, 11), "slot_no_overlap"),
        (slot(8, 9), None),
        (slot(10, 11), None),
        (slot(9, 10, unit=2), None),
        (slot(9, 10, part=1), None),
        (slot(9, 10, active=False), None),
        (slot(10, 10), "slot_ends_after_starts"),
        (slot(10, 9), "slot_ends_after_starts"),
    ],
)
def test_a_second_row_beside_nine_to_ten(other: Slot, refusal: str | None) -> None:
    slot(9, 10).save()
    other.pk = None
    assert refused(lambda: other.save(force_insert=True)) == refusal
    assert Slot.objects.count() == (1 if refusal else 2)


@pytest.mark.django_db
def test_a_microsecond_of_overlap_counts() -> None:
    slot(9, 10).save()
    hair = timedelta(microseconds=1)
    late = Slot(unit=1, starts_at=at(10) - hair, ends_at=at(11))
    assert refused(late.save) == "slot_no_overlap"
    late.starts_at += hair
    assert refused(late.save) is None


def free(rows: dict[int, Slot], row: Slot) -> bool:
    """The oracle: compare with every other row."""
    return row.starts_at < row.ends_at and not any(
        row.active
        and other.active
        and (other.unit, other.part) == (row.unit, row.part)
        and other.starts_at < row.ends_at
        and row.starts_at < other.ends_at
        for pk, other in rows.items()
        if pk != row.pk
    )


def drawn(rng: random.Random, row: Slot) -> Slot:
    """`row` with a random change of any of the columns that matter."""
    start = rng.randrange(48) / 2
    row.unit, row.part = rng.randrange(2), rng.randrange(2)
    row.starts_at, row.ends_at = at(start), at(start + rng.randrange(-1, 7) / 2)
    row.active = rng.random() < 0.8
    return row


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_random_operations_agree_with_brute_force(seed: int) -> None:
    rng, rows = random.Random(seed), dict[int, Slot]()
    accepted = 0
    for _ in range(250):
        choice = rng.random()
        if rows and choice < 0.15:
            Slot.objects.get(pk=rng.choice(sorted(rows))).delete()
            rows = {row.pk: row for row in Slot.objects.all()}
            continue
        old = Slot.objects.get(pk=rng.choice(sorted(rows))) if rows and choice < 0.5 else Slot()
        row = drawn(rng, old)
        expected = free(rows, row)
        assert (refused(row.save) is None) is expected, (seed, row.__dict__)
        if expected:
            rows[row.pk], accepted = row, accepted + 1
    assert accepted > 40
    assert {r.pk for r in Slot.objects.all()} == set(rows)


@pytest.mark.django_db
def test_a_released_row_can_not_come_back_into_a_taken_time() -> None:
    released = slot(9, 10, active=False)
    released.save()
    slot(9.5, 10.5).save()
    assert refused(lambda: Slot.objects.filter(pk=released.pk).update(active=True)) == "slot_no_overlap"


@pytest.mark.django_db
def test_bulk_create_is_refused_as_a_whole() -> None:
    slot(9, 10).save()
    rows = [slot(11, 12), slot(12, 13), slot(9.5, 9.75)]
    assert refused(lambda: Slot.objects.bulk_create(rows)) == "slot_no_overlap"
    assert refused(lambda: Slot.objects.bulk_create([slot(14, 16), slot(15, 17)])) == "slot_no_overlap"
    assert Slot.objects.count() == 1
    assert refused(lambda: Slot.objects.bulk_create(rows[:2])) is None


@pytest.mark.django_db
def test_one_statement_shift_is_refused_row_by_row_and_last_first_is_not() -> None:
    Slot.objects.bulk_create(slot(hour, hour + 1) for hour in (9, 10, 11))
    hour = timedelta(hours=1)

    def shift() -> None:
        Slot.objects.update(starts_at=F("starts_at") + hour, ends_at=F("ends_at") + hour)

    assert refused(shift) == "slot_no_overlap"
    for row in Slot.objects.order_by("-starts_at"):
        row.starts_at, row.ends_at = row.starts_at + hour, row.ends_at + hour
        row.save()
    assert [row.starts_at for row in Slot.objects.order_by("starts_at")] == [at(10), at(11), at(12)]


@pytest.mark.django_db
def test_days_without_a_condition() -> None:
    Stay.objects.create(room=2**40, first_day=date(2026, 3, 2), last_day=date(2026, 3, 5))
    next_guest = Stay(room=2**40, first_day=date(2026, 3, 4), last_day=date(2026, 3, 6))
    assert refused(next_guest.save) == "stay_no_overlap"
    with pytest.raises(ValidationError):
        next_guest.validate_constraints()
    next_guest.first_day = date(2026, 3, 5)
    next_guest.validate_constraints()
    assert refused(next_guest.save) is None


@pytest.mark.django_db
def test_validate_says_what_the_database_would_say() -> None:
    taken = slot(9, 10)
    taken.save()
    taken.validate_constraints()  # a row doesn't clash with itself
    clash = slot(9.5, 11)
    with pytest.raises(ValidationError) as from_form:
        clash.validate_constraints()
    with pytest.raises(IntegrityError) as from_database, transaction.atomic():
        clash.save()
    (said,) = from_form.value.error_dict["__all__"]
    mapped = as_validation_error(from_database.value)
    assert (said.code, said.messages) == (mapped.code, mapped.messages)
    assert said.messages == ["This time overlaps another that is already taken."]


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"active": False}, {"unit": 3}, {"part": 1}])
def test_validate_passes_what_does_not_count(fields: dict[str, Any]) -> None:
    slot(9, 10).save()
    row = slot(9, 10)
    for name, value in fields.items():
        setattr(row, name, value)
    row.validate_constraints()
    slot(9, 10).validate_constraints(exclude={"unit"})  # a form without the field can't judge it


def test_it_is_compared_and_cloned_by_what_it_says() -> None:
    constraint = NoOverlap(name="a", key=("unit",), condition=Q(active=True))
    assert constraint == constraint.clone()
    for other in (
        NoOverlap(name="b", key=("unit",), condition=Q(active=True)),
        NoOverlap(name="a", key=("unit", "part"), condition=Q(active=True)),
        NoOverlap(name="a", key=("unit",), condition=Q(active=False)),
        NoOverlap(name="a", key=("unit",), condition=Q(active=True), end="until"),
        NoOverlap(name="a", key=("unit",), condition=Q(active=True), violation_error_message="Taken."),
    ):
        assert constraint != other
    text, imports = MigrationWriter.serialize(constraint)
    assert "convenor.base.no_overlap.NoOverlap(" in text
    assert imports == {"import convenor.base.no_overlap", "from django.db import models"}


@pytest.mark.parametrize("key", ["unit", ()])
def test_the_key_is_a_tuple_of_names(key: Any) -> None:
    with pytest.raises(TypeError, match="must name one column or more"):
        NoOverlap(name="a", key=key)


def test_the_system_check_finds_what_would_break_it() -> None:
    class Unsafe(models.Model):
        unit = models.IntegerField(null=True)
        starts_at = models.TextField()
        ends_at = models.TextField()

        class Meta:
            app_label = "unsafe"
            constraints = [NoOverlap(name="unsafe", key=("unit",)), NoOverlap(name="lost", key=("nowhere",))]

    said = [str(error.msg) for c in Unsafe._meta.constraints for error in c.check(Unsafe, connection)]
    assert said == [
        "NoOverlap 'unsafe': unit may be null",
        "NoOverlap 'unsafe': starts_at is neither a datetime, a date nor a big integer",
        "NoOverlap 'unsafe': add ends_after_starts(…) to the model's constraints",
        "NoOverlap 'lost': Unsafe has no field named 'nowhere'",
    ]


class Migrator:
    """Applies operations one by one to a model of its own, as migrations do."""

    def __init__(self) -> None:
        self.state = ProjectState()

    def apply(self, operation: migrations.operations.base.Operation) -> None:
        after = self.state.clone()
        operation.state_forwards("guarded", after)
        with connection.schema_editor() as editor:
            operation.database_forwards("guarded", editor, self.state, after)
        self.state = after

    @property
    def model(self) -> Any:
        return self.state.apps.get_model("guarded", "Thing")


def booked(model: Any, start: float, end: float) -> str | None:
    with connection.cursor() as cursor:
        columns = [f.column for f in model._meta.local_fields if f.column != "id"]
        values = {
            "unit": 1,
            "unit_no": 1,
            "starts_at": at(start),
            "ends_at": at(end),
            "note": "",
            "remark": "",
        }
        field = {f.column: f for f in model._meta.local_fields}
        try:
            with transaction.atomic():
                cursor.execute(
                    f"INSERT INTO guarded_thing ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})",
                    [field[name].get_db_prep_save(values[name], connection) for name in columns],
                )
        except IntegrityError as error:
            return GUARD.name if f'"{GUARD.name}"' in str(error) else str(error)
    return None


GUARD = NoOverlap(name="thing_no_overlap", key=("unit",))
THING = migrations.CreateModel(
    "Thing",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("unit", models.IntegerField()),
        ("starts_at", models.DateTimeField()),
        ("ends_at", models.DateTimeField()),
        ("note", models.CharField(max_length=10)),
    ],
    options={"constraints": [ends_after_starts("thing_ends_after_starts")]},
)


@pytest.mark.django_db(transaction=True)
def test_it_lives_through_migrations() -> None:
    migrator = Migrator()
    migrator.apply(THING)
    try:
        assert booked(migrator.model, 9, 10) is None
        assert booked(migrator.model, 9.5, 10.5) is None
        with pytest.raises(IntegrityError, match="thing_no_overlap"):  # rows that are there are held to it
            migrator.apply(migrations.AddConstraint("thing", GUARD))
        migrator.model.objects.order_by("-id")[0].delete()
        migrator.apply(migrations.AddConstraint("thing", GUARD))
        assert booked(migrator.model, 9.5, 10.5) == "thing_no_overlap"
        for rebuild in (
            migrations.AlterField("thing", "note", models.CharField(max_length=90)),
            migrations.AlterField("thing", "starts_at", models.DateTimeField(db_index=True)),
            migrations.RenameField("thing", "note", "remark"),
            migrations.AddField("thing", "colour", models.CharField(max_length=9, default="red")),
            migrations.RemoveField("thing", "colour"),
        ):
            migrator.apply(rebuild)
        assert booked(migrator.model, 9.5, 10.5) == "thing_no_overlap"
        assert booked(migrator.model, 10, 11) is None
        migrator.apply(migrations.RemoveConstraint("thing", "thing_no_overlap"))
        assert booked(migrator.model, 9.5, 10.5) is None
    finally:
        migrator.apply(migrations.DeleteModel("Thing"))


@pytest.mark.django_db(transaction=True)
def test_it_follows_a_table_made_and_altered_in_one_migration() -> None:
    before, after = ProjectState(), ProjectState()
    operations = [
        THING,
        migrations.AddConstraint("thing", GUARD),
        migrations.RenameField("thing", "note", "remark"),
        migrations.AlterField("thing", "remark", models.CharField(max_length=90)),
    ]
    with connection.schema_editor() as editor:
        for operation in operations:
            operation.state_forwards("guarded", after := before.clone())
            operation.database_forwards("guarded", editor, before, after)
            before = after
    try:
        model = after.apps.get_model("guarded", "Thing")
        assert booked(model, 9, 10) is None
        assert booked(model, 9.5, 10.5) == "thing_no_overlap"
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(model)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sixteen_processes_race_for_one_slot_and_one_wins() -> None:
    outcomes = child.answer(child.start("tests.base.racing:race", racers=16, rounds=5, apart=0))
    assert outcomes == {"won": 5, "slot_no_overlap": 75}
    assert sorted(Slot.objects.values_list("unit", flat=True)) == [0, 1, 2, 3, 4]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_processes_racing_for_overlapping_hours_leave_none_overlapping() -> None:
    outcomes = child.answer(child.start("tests.base.racing:race", racers=8, rounds=3, apart=20))
    assert sum(outcomes.values()) == 24
    assert outcomes["won"] == Slot.objects.count()
    for unit in range(3):
        rows = list(Slot.objects.filter(unit=unit).order_by("starts_at"))
        assert rows
        assert all(earlier.ends_at <= later.starts_at for earlier, later in itertools.pairwise(rows))


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_a_check_is_one_step_in_the_index_however_long_the_history() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN SELECT ends_at FROM testapp_slot WHERE unit = 1 AND part = 0 AND (active) "
            "AND starts_at < 'x' AND id <> 3 ORDER BY starts_at DESC LIMIT 1"
        )
        plan = [row[3] for row in cursor.fetchall()]
    assert len(plan) == 1
    assert plan[0].endswith("INDEX slot_no_overlap (unit=? AND part=? AND starts_at<?)")
