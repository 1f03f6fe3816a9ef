"""The database itself refuses two rows of one key whose times overlap.

PostgreSQL gets an exclusion constraint, SQLite a partial index and two triggers, from one entry in
``Meta.constraints``. The triggers travel in ``schema_editor.deferred_sql`` as Statements, as
Django's own indexes do, so that a rebuilt SQLite table (any AlterField) gets them again.

Both engines check row by row: one UPDATE that shifts several rows of one key into each other's old
places is refused, so move the last one first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.models import Exists, F, Q
from django.db.models.sql.query import Query
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.utils.functional import _StrPromise

# The same words as PostgreSQL's, so that convenor.base.refusals reads one form.
REFUSAL = 'conflicting key value violates exclusion constraint "{name}"'
RANGES = {"DateTimeField": "tstzrange", "DateField": "daterange", "BigIntegerField": "int8range"}

POSTGRESQL = "CONSTRAINT %(name)s EXCLUDE USING gist (%(keys)s, %(span)s WITH &&)%(where)s"
SQLITE_INDEX = "CREATE INDEX %(index)s ON %(table)s (%(key)s, %(start)s, %(end)s)%(where)s"
# Rows of one key that count don't overlap each other, so of those that begin before the new end
# only the last can reach past the new start: one step in the index, however long the history.
SQLITE_TRIGGER = (
    "CREATE TRIGGER %(trigger)s AFTER %(event)s%(watched)s ON %(table)s BEGIN "
    "SELECT RAISE(ABORT, %(refusal)s) "
    "WHERE EXISTS (SELECT 1 FROM %(table)s WHERE %(pk)s = NEW.%(pk)s%(and_condition)s) "
    "AND NEW.%(start)s < (SELECT %(end)s FROM %(table)s WHERE %(same_key)s%(and_condition)s "
    "AND %(start)s < NEW.%(end)s AND %(pk)s <> NEW.%(pk)s ORDER BY %(start)s DESC LIMIT 1); END"
)
SQLITE_VERIFY = "UPDATE %(table)s SET %(start)s = %(start)s"


def ends_after_starts(name: str, start: str = "starts_at", end: str = "ends_at") -> models.CheckConstraint:
    """The CHECK that NoOverlap needs beside it: no empty and no reversed spans."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{end}__gt": F(start)}),
        violation_error_code="ends_before_start",
        violation_error_message=_("The end must be after the start."),
    )


class NoOverlap(models.BaseConstraint):
    """No two rows with the same `key` and true `condition` have overlapping ``[start, end)``.

    `key` names integer columns or foreign keys, none of them null; `start` and `end` are two
    datetimes, two dates or two integers. A violation is an IntegrityError that carries the
    constraint's name (convenor.base.refusals.violated).
    """

    default_violation_error_message = _("This time overlaps another that is already taken.")

    def __init__(
        self,
        *,
        name: str,
        key: Sequence[str],
        start: str = "starts_at",
        end: str = "ends_at",
        condition: Q | None = None,
        violation_error_code: str | None = None,
        violation_error_message: str | _StrPromise | None = None,
    ) -> None:
        if isinstance(key, str) or not key:
            raise TypeError("NoOverlap.key must name one column or more, as a tuple.")
        if condition is not None and not isinstance(condition, Q):
            raise TypeError("NoOverlap.condition must be a Q.")
        self.key, self.start, self.end, self.condition = tuple(key), start, end, condition
        super().__init__(
            name=name,
            violation_error_code=violation_error_code or "overlap",
            violation_error_message=violation_error_message,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]  # as every constraint of Django's: compared, never hashed

    def __repr__(self) -> str:
        return f"<NoOverlap: name={self.name!r} key={self.key} {self.start}..{self.end} condition={self.condition}>"

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"key": self.key, "start": self.start, "end": self.end}
        if self.condition is not None:
            kwargs["condition"] = self.condition
        if kwargs.get("violation_error_code") == "overlap":
            del kwargs["violation_error_code"]
        return path, args, kwargs

    # What the schema editor asks for

    def constraint_sql(  # type: ignore[override]  # Django always gives both
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion(model, schema_editor)
        schema_editor.deferred_sql.extend(self._sqlite_statements(model, schema_editor))
        return None

    def create_sql(  # type: ignore[override]  # Django always gives both
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Any:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        if schema_editor.connection.vendor == "postgresql":
            constraint = self._exclusion(model, schema_editor)
            return Statement("ALTER TABLE %(table)s ADD %(constraint)s", table=table, constraint=constraint)
        *before, last = self._sqlite_statements(model, schema_editor)
        schema_editor.deferred_sql.extend(before)
        return last

    def remove_sql(  # type: ignore[override]  # Django always gives both
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Any:
        """PostgreSQL only: SQLite's editor rebuilds the table without the constraint."""
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def _exclusion(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> Statement:
        table, quote = model._meta.db_table, editor.quote_name
        start, end = quote(_column(model, self.start)), quote(_column(model, self.end))
        keys = [quote(_column(model, name)) for name in self.key]
        range_type = RANGES[_field(model, self.start).get_internal_type()]
        condition = self._condition_sql(model, editor)
        return Statement(
            POSTGRESQL,
            table=Table(table, quote),  # not in the text: lets a later DROP find the statement
            name=quote(self.name),
            keys=", ".join(f"int8range({key}, {key}, '[]') WITH =" for key in keys),
            span=f"{range_type}({start}, {end}, '[)')",
            where=f" WHERE ({condition})" if condition else "",
        )

    def _sqlite_statements(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor
    ) -> list[Statement]:
        quote = editor.quote_name
        condition = self._condition_sql(model, editor)
        keys = [_column(model, name) for name in self.key]
        assert model._meta.pk is not None
        parts = {
            "table": Table(model._meta.db_table, quote),
            "pk": self._columns(model, editor, model._meta.pk.name),
            "key": self._columns(model, editor, *self.key),
            "start": self._columns(model, editor, self.start),
            "end": self._columns(model, editor, self.end),
            "same_key": " AND ".join(f"{quote(key)} = NEW.{quote(key)}" for key in keys),
            "where": f" WHERE {condition}" if condition else "",
            "and_condition": f" AND ({condition})" if condition else "",
            "refusal": editor.quote_value(REFUSAL.format(name=self.name)),
        }
        watched = self._columns(model, editor, *sorted(self._fields(model)))
        triggers = {"insert": ("INSERT", ""), "update": ("UPDATE OF ", watched)}
        return [
            Statement(SQLITE_INDEX, index=quote(self.name), **parts),
            *(
                Statement(
                    SQLITE_TRIGGER,
                    trigger=quote(f"{self.name}_{when}"),
                    event=event,
                    watched=columns,
                    **parts,
                )
                for when, (event, columns) in triggers.items()
            ),
            # Rows that were there before the triggers are held to the same rule.
            Statement(SQLITE_VERIFY, **parts),
        ]

    @staticmethod
    def _columns(model: type[models.Model], editor: BaseDatabaseSchemaEditor, *names: str) -> Columns:
        return Columns(model._meta.db_table, [_column(model, name) for name in names], editor.quote_name)

    def _condition_sql(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        if self.condition is None:
            return ""
        # Bare columns: aliased ones would name the table, and break when it is rebuilt.
        query = Query(model=model, alias_cols=False)
        where = query.build_where(self.condition)
        sql, params = where.as_sql(query.get_compiler(connection=editor.connection), editor.connection)
        return str(sql % tuple(editor.quote_value(p) for p in params))

    def _fields(self, model: type[models.Model]) -> set[str]:
        names = {*self.key, self.start, self.end}
        if self.condition is not None:
            names |= {name for name, *_rest in model._get_expr_references(self.condition)}  # type: ignore[attr-defined]  # Django's own constraints ask the same
        return names

    # What forms and system checks ask for

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: set[str] | None = None,
        using: str = "default",
    ) -> None:
        if exclude and exclude & self._fields(model):
            return
        values = {
            name: getattr(instance, _field(model, name).attname) for name in (*self.key, self.start, self.end)
        }
        if any(value is None for value in values.values()):
            return
        clashes = model._default_manager.using(using).filter(
            **{name: values[name] for name in self.key},
            **{f"{self.start}__lt": values[self.end], f"{self.end}__gt": values[self.start]},
        )
        if not instance._state.adding:
            clashes = clashes.exclude(pk=instance.pk)
        if self._clashes(model, instance, clashes, exclude, using):
            raise ValidationError(str(self.get_violation_error_message()), code=self.violation_error_code)

    def _clashes(
        self,
        model: type[models.Model],
        instance: models.Model,
        clashes: models.QuerySet[models.Model],
        exclude: set[str] | None,
        using: str,
    ) -> bool:
        if self.condition is None:
            return clashes.exists()
        against = instance._get_field_expression_map(meta=model._meta, exclude=exclude)  # type: ignore[attr-defined]  # as Django's own constraints
        return bool((self.condition & Q(Exists(clashes.filter(self.condition)))).check(against, using=using))

    def check(
        self,
        model: type[models.Model],
        connection: BaseDatabaseWrapper,  # noqa: ARG002  # Django's signature
    ) -> list[checks.CheckMessage]:
        return [
            checks.Error(f"NoOverlap {self.name!r}: {trouble}", obj=model, id="convenor.E001")
            for trouble in self._troubles(model)
        ]

    _check = check  # the name that Django 5.2 calls

    def _troubles(self, model: type[models.Model]) -> list[str]:
        try:
            fields = {name: _field(model, name) for name in (*self.key, self.start, self.end)}
        except FieldDoesNotExist as error:
            return [str(error)]
        troubles = [f"{name} may be null" for name, field in fields.items() if field.null]
        if fields[self.start].get_internal_type() not in RANGES:
            troubles.append(f"{self.start} is neither a datetime, a date nor a big integer")
        ordered = Q(**{f"{self.end}__gt": F(self.start)})
        if not any(
            getattr(c, "condition", None) == ordered for c in model._meta.constraints if c is not self
        ):
            troubles.append("add ends_after_starts(…) to the model's constraints")
        return troubles


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field), f"{name} is no column"
    return field


def _column(model: type[models.Model], name: str) -> str:
    return str(_field(model, name).column)
