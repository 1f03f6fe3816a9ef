"""The database itself refuses to change or delete a row once it is written.

Emitted as NoOverlap is, through ``schema_editor.deferred_sql``. What it does not refuse is what
only the table's owner can do and what leaves a trace of its own: dropping or truncating the table.
Django's ``flush`` therefore works on PostgreSQL (TRUNCATE) and is refused on SQLite (DELETE); the
tests' set-up takes the triggers off around its own flush (tests/conftest.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.ddl_references import Columns, Statement, Table
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSAL = 'append-only rows can not change, says constraint "{name}"'

POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION %(name)s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION USING MESSAGE = %(refusal)s, ERRCODE = 'integrity_constraint_violation', "
    "CONSTRAINT = %(literal)s, TABLE = TG_TABLE_NAME; END $$"
)
POSTGRESQL_TRIGGER = (
    "CREATE TRIGGER %(name)s BEFORE UPDATE OR DELETE ON %(table)s FOR EACH ROW EXECUTE FUNCTION %(name)s()"
)
SQLITE_TRIGGER = (
    "CREATE TRIGGER %(trigger)s BEFORE %(event)s ON %(table)s BEGIN SELECT RAISE(ABORT, %(refusal)s); END"
)
# INSERT OR REPLACE deletes the old row without firing delete triggers.
SQLITE_REPLACE = (
    "CREATE TRIGGER %(trigger)s BEFORE INSERT ON %(table)s "
    "WHEN EXISTS (SELECT 1 FROM %(table)s WHERE %(pk)s = NEW.%(pk)s) "
    "BEGIN SELECT RAISE(ABORT, %(refusal)s); END"
)


class AppendOnly(models.BaseConstraint):
    """Rows are inserted and read, never updated or deleted: IntegrityError with the constraint's name."""

    default_violation_error_message = _("What is on record can't be changed.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AppendOnly) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]  # as every constraint of Django's: compared, never hashed

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
        """Nothing to validate: no form edits a row that is on record."""

    def _statements(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        table = Table(model._meta.db_table, editor.quote_name)
        refusal = editor.quote_value(REFUSAL.format(name=self.name))
        if editor.connection.vendor == "postgresql":
            name, literal = editor.quote_name(self.name), editor.quote_value(self.name)
            return [
                Statement(POSTGRESQL_FUNCTION, table=table, name=name, literal=literal, refusal=refusal),
                Statement(POSTGRESQL_TRIGGER, table=table, name=name),
            ]
        assert model._meta.pk is not None
        pk = Columns(model._meta.db_table, [str(model._meta.pk.column)], editor.quote_name)
        triggers = {
            "update": (SQLITE_TRIGGER, "UPDATE"),
            "delete": (SQLITE_TRIGGER, "DELETE"),
            "replace": (SQLITE_REPLACE, ""),
        }
        return [
            Statement(
                template,
                trigger=editor.quote_name(f"{self.name}_{kind}"),
                event=event,
                table=table,
                pk=pk,
                refusal=refusal,
            )
            for kind, (template, event) in triggers.items()
        ]
