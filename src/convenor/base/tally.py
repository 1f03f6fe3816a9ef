"""The database itself keeps a count of rows in the row that they belong to.

A CHECK beside the count then makes overselling impossible, whoever writes and however many at once: the
transaction that takes a seat changes the count, and the one too many is refused. Emitted as NoOverlap is,
through ``schema_editor.deferred_sql``: one function and one trigger on PostgreSQL, three triggers on SQLite.

The counting row is updated whenever one of its rows begins or ceases to count, and is locked until the
transaction ends; lock the counting rows first, in key order, where an action touches several.

SQLite rebuilds a table that is altered, and can't while triggers of another table name it: a migration that alters
the counting table takes the Tally constraints away before and adds them after, which counts anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.models import Q
from django.db.models.sql.query import Query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LESS = "UPDATE %(target)s SET %(count)s = %(count)s - {weight} WHERE %(target_pk)s = OLD.%(key)s"
MORE = "UPDATE %(target)s SET %(count)s = %(count)s + {weight} WHERE %(target_pk)s = NEW.%(key)s"
SQLITE_TRIGGER = "CREATE TRIGGER %(trigger)s AFTER %(event)s ON %(table)s%(when)s BEGIN %(body)s END"
SQLITE_VERIFY = (
    "UPDATE %(target)s SET %(count)s = (SELECT COALESCE(SUM(%(sum)s), 0) FROM %(table)s "
    "WHERE %(table)s.%(key)s = %(target)s.%(target_pk)s AND %(condition)s)"
)
POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'UPDATE' AND (OLD.%(key)s IS NOT DISTINCT FROM NEW.%(key)s) "
    "AND (%(old_counts)s) = (%(new_counts)s) AND %(old_weight)s = %(new_weight)s THEN RETURN NULL; END IF; "
    "IF TG_OP <> 'INSERT' AND (%(old_counts)s) THEN %(less)s; END IF; "
    "IF TG_OP <> 'DELETE' AND (%(new_counts)s) THEN %(more)s; END IF; "
    "RETURN NULL; END $$"
)
POSTGRESQL_TRIGGER = (
    "CREATE TRIGGER %(name)s AFTER INSERT OR UPDATE OR DELETE ON %(table)s "
    "FOR EACH ROW EXECUTE FUNCTION %(name)s()"
)


class Tally(models.BaseConstraint):
    """`into` (a foreign key, which may be null) names the row whose column `count` says how many rows with a true
    `condition` belong to it, or, with `weight`, the sum of that integer column over them.

    `count` must be 0 in a new counting row, and nothing else may write it. `condition` compares columns of the
    row itself with constants.
    """

    def __init__(
        self, *, name: str, into: str, count: str, condition: Q | None = None, weight: str | None = None
    ) -> None:
        self.into, self.count, self.condition, self.weight = into, count, condition, weight
        super().__init__(name=name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]  # as every constraint of Django's: compared, never hashed

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"into": self.into, "count": self.count}
        kwargs |= {"condition": self.condition} if self.condition is not None else {}
        kwargs |= {"weight": self.weight} if self.weight is not None else {}
        return path, args, kwargs

    def constraint_sql(  # type: ignore[override]  # Django always gives both
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Any:
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))

    def create_sql(  # type: ignore[override]  # Django always gives both
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> Any:
        *before, last = self._statements(model, schema_editor)
        if schema_editor.connection.vendor != "postgresql":
            schema_editor.deferred_sql.extend(before)
            return last
        for statement in before:  # the trigger needs its function at once
            schema_editor.execute(statement, None)
        return last

    def remove_sql(  # type: ignore[override]  # Django always gives both
        self,
        model: type[models.Model],  # noqa: ARG002  # Django's signature
        schema_editor: BaseDatabaseSchemaEditor,
    ) -> Any:
        """PostgreSQL only: SQLite's editor rebuilds the table without the constraint."""
        return f"DROP FUNCTION {schema_editor.quote_name(self.name)}() CASCADE"

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: set[str] | None = None,
        using: str = "default",
    ) -> None:
        """Nothing to validate: it counts, and the CHECK beside the count refuses."""

    def _statements(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        parts = self._parts(model, editor)
        verify = Statement(SQLITE_VERIFY, **parts)  # rows that were there before are counted too
        if editor.connection.vendor == "postgresql":
            return [
                verify,
                Statement(POSTGRESQL_FUNCTION, **parts),
                Statement(POSTGRESQL_TRIGGER, table=parts["table"], name=parts["name"]),
            ]
        return [*self._sqlite_triggers(model, editor, parts), verify]

    def _sqlite_triggers(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor, parts: dict[str, Any]
    ) -> Iterator[Statement]:
        columns = Columns(model._meta.db_table, sorted(self._columns(model)), editor.quote_name)
        less, more = f"{parts['less']};", f"{parts['more']};"
        changed = (
            f" WHEN (OLD.{parts['key']} IS NOT NEW.{parts['key']}) OR (({parts['old_counts']}) IS NOT ({parts['new_counts']}))"
            f" OR ({parts['old_weight']} IS NOT {parts['new_weight']})"
        )
        # Two triggers for an update, since a body can't branch; the first takes away, so that no count passes its limit in between.
        for kind, event, when, body in (
            ("insert", "INSERT", f" WHEN {parts['new_counts']}", more),
            ("delete", "DELETE", f" WHEN {parts['old_counts']}", less),
            ("update", f"UPDATE OF {columns}", changed, self._update_body(parts)),
        ):
            yield Statement(
                SQLITE_TRIGGER,
                trigger=editor.quote_name(f"{self.name}_{kind}"),
                event=event,
                table=parts["table"],
                when=when,
                body=body,
            )

    @staticmethod
    def _update_body(parts: dict[str, Any]) -> str:
        return f"{parts['less']} AND ({parts['old_counts']}); {parts['more']} AND ({parts['new_counts']});"

    def _parts(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> dict[str, Any]:
        quote = editor.quote_name
        target = model._meta.get_field(self.into).related_model
        assert isinstance(target, type)
        assert issubclass(target, models.Model)
        counts = str(target._meta.get_field(self.count).column)  # type: ignore[union-attr]  # a column of its own
        weight = quote(self._column(model, self.weight)) if self.weight else ""
        names = {
            "target": quote(target._meta.db_table),
            "target_pk": quote(str(target._meta.pk.column)),
            "count": quote(counts),
            "key": quote(self._column(model, self.into)),
        }
        condition = self._condition_sql(model, editor)
        old_weight, new_weight = (f"OLD.{weight}", f"NEW.{weight}") if weight else ("1", "1")
        return {
            **names,
            "table": Table(model._meta.db_table, quote),
            "name": quote(self.name),
            "sum": weight or "1",
            "condition": condition,
            "old_weight": old_weight,
            "new_weight": new_weight,
            "old_counts": self._of_row(model, editor, condition, "OLD"),
            "new_counts": self._of_row(model, editor, condition, "NEW"),
            "less": LESS.format(weight=old_weight) % names,
            "more": MORE.format(weight=new_weight) % names,
        }

    def _condition_sql(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        if self.condition is None:
            return "1 = 1"
        # Bare columns: aliased ones would name the table, and break when it is rebuilt.
        query = Query(model=model, alias_cols=False)
        where = query.build_where(self.condition)
        sql, params = where.as_sql(query.get_compiler(connection=editor.connection), editor.connection)
        return str(sql % tuple(editor.quote_value(p) for p in params))

    def _of_row(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor, condition: str, row: str
    ) -> str:
        """The condition of the row before ("OLD") or after ("NEW")."""
        for column in self._columns(model):
            quoted = editor.quote_name(column)
            condition = condition.replace(quoted, f"{row}.{quoted}")
        return condition

    def _columns(self, model: type[models.Model]) -> set[str]:
        names = {self.into, *((self.weight,) if self.weight else ())}
        if self.condition is not None:
            names |= {name for name, *_rest in model._get_expr_references(self.condition)}  # type: ignore[attr-defined]  # Django's own constraints ask the same
        return {self._column(model, name) for name in names}

    @staticmethod
    def _column(model: type[models.Model], name: str) -> str:
        return str(model._meta.get_field(name).column)  # type: ignore[union-attr]  # a column of its own
