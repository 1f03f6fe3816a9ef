"""Does the database answer, is it new enough, and does it really hold what the models declare?"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models

from convenor.base.append_only import AppendOnly
from convenor.base.no_overlap import NoOverlap
from convenor.base.tally import Tally
from convenor.cli import migrations
from convenor.cli.doctor.findings import Finding, fault, ok

OLDEST_SQLITE = (3, 35)
OLDEST_POSTGRESQL = 15
SQLITE_TRIGGERS: dict[type[models.BaseConstraint], tuple[str, ...]] = {
    NoOverlap: ("insert", "update"),
    AppendOnly: ("update", "delete", "replace"),
    Tally: ("insert", "delete", "update"),
}


def value(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.fetchone()[0])


def reachable() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
        yield from sqlite() if connection.vendor == "sqlite" else postgresql()
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        name = settings.DATABASES["default"]["NAME"]
        remedy = (
            "Check DATABASE_URL, and that the server runs."
            if settings.DATABASES["default"].get("HOST")
            else ("Check that the data folder is the right one (CONVENOR_DATA) and can be written.")
        )
        yield fault("database", f"The database {name} does not answer: {reason}.", remedy)


def sqlite() -> Iterator[Finding]:
    version = value("SELECT sqlite_version()")
    if tuple(map(int, version.split(".")))[:2] < OLDEST_SQLITE:
        yield fault(
            "database", f"SQLite {version} is too old.", "Use a Python that comes with SQLite 3.35 or later."
        )
        return
    yield ok("database", f"SQLite {version}, {settings.DATABASES['default']['NAME']}.")
    journal = value("PRAGMA journal_mode")
    if journal != "wal":
        remedy = "Put the data folder on a local disk; write-ahead logging does not work over a network."
        yield fault(
            "journal", f"The journal mode is {journal}, so readers and writers block each other.", remedy
        )
    else:
        yield ok("journal", "Write-ahead logging is on.")


def postgresql() -> Iterator[Finding]:
    version = value("SHOW server_version")
    if int(version.split(".")[0]) < OLDEST_POSTGRESQL:
        yield fault("database", f"PostgreSQL {version} is too old.", "Upgrade it to PostgreSQL 15 or later.")
        return
    yield ok("database", f"PostgreSQL {version}, database {settings.DATABASES['default']['NAME']}.")
    if value("SHOW server_encoding") != "UTF8":
        remedy = "Make the database anew with ENCODING 'UTF8' and restore the data into it."
        yield fault("encoding", "The database does not keep text in UTF-8.", remedy)
    if value("SHOW default_transaction_read_only") == "on":
        yield fault("database", "The database takes no writes.", "Point DATABASE_URL at the primary server.")


def migrated() -> Iterator[Finding]:
    lacking = migrations.pending()
    if lacking:
        yield fault(
            "migrations",
            f"The database lacks {len(lacking)}: {', '.join(lacking[:5])}.",
            "convenor manage migrate",
        )
    else:
        yield ok("migrations", "Every migration is applied.")


def present() -> set[str]:
    """The names of every constraint, index and trigger that the database holds."""
    if connection.vendor == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger')"
    else:
        query = (
            "SELECT conname FROM pg_constraint UNION SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' "
            "UNION SELECT indexname FROM pg_indexes"
        )
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = {str(name) for (name,) in cursor.fetchall()}
        if connection.vendor == "sqlite":  # a table's own constraints are kept in its text alone
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
            names |= {word for (text,) in cursor.fetchall() for word in str(text).split('"')[1::2]}
    return names


def expected(constraint: models.BaseConstraint) -> set[str]:
    kinds = SQLITE_TRIGGERS.get(type(constraint), ()) if connection.vendor == "sqlite" else ()
    return {f"{constraint.name}_{kind}" for kind in kinds} or {constraint.name}


def guarded() -> Iterator[Finding]:
    """Every declared constraint, looked up in the database itself: a trigger can be lost unseen."""
    held = present()
    declared = {
        name: model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
        for constraint in model._meta.constraints
        for name in expected(constraint)
    }
    lost = sorted(name for name in declared if name not in held)
    for name in lost:
        remedy = "Restore the database from a backup made before somebody changed its tables by hand."
        yield fault("guards", f"The table {declared[name]} has lost its guard {name}.", remedy)
    if not lost:
        yield ok("guards", f"All {len(declared)} guards of the data are in place.")
