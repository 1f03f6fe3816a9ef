"""`convenor import people|rooms|calendar`: what a file would change, and changing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.bulk import PlannedRow
from convenor.cli.calendars import calendar
from convenor.cli.failures import BAD_INPUT, FAILED
from convenor.cli.files import FILE, content
from convenor.cli.output import json_option, say, say_json
from convenor.cli.persons import as_option
from convenor.interop.csv.imports import Preview, Rows, apply, preview, read_people, read_rooms

MOST_SHOWN = 50
Command = Callable[..., None]


@click.group("import")
def command() -> None:
    """Imports people and rooms from CSV files, meetings from iCalendar files."""


command.add_command(calendar)


def _options(function: Command) -> Command:
    """What every import takes."""
    for option in (
        json_option,
        as_option,
        click.option("--strict", is_flag=True, help="Import all rows or none."),
        click.option("--dry-run", is_flag=True, help="Only say what would change."),
        click.argument("file", type=FILE),
    ):
        function = option(function)
    return function


@command.command("people")
@_options
def people(*, file: Path, actor: Actor, dry_run: bool, strict: bool, as_json: bool) -> None:
    """Imports people from a CSV file; only e-mail and name are needed."""
    _import(read_people(content(file)), actor, dry_run=dry_run, strict=strict, as_json=as_json)


@command.command("rooms")
@_options
def rooms(*, file: Path, actor: Actor, dry_run: bool, strict: bool, as_json: bool) -> None:
    """Imports rooms from a CSV file; only code and site are needed."""
    _import(read_rooms(content(file)), actor, dry_run=dry_run, strict=strict, as_json=as_json)


def _import(rows: Rows, actor: Actor, *, dry_run: bool, strict: bool, as_json: bool) -> None:
    now = clock.now()
    done = preview(actor, rows, now=now) if dry_run else apply(actor, rows, now=now, strict=strict)
    if as_json:
        say_json(_as_json(done))
    else:
        _show(done, dry_run=dry_run)
    if not rows.drafts and done.refused:
        raise SystemExit(BAD_INPUT)
    if not (dry_run or done.is_applied):
        raise SystemExit(FAILED)


def _as_json(done: Preview) -> dict[str, Any]:
    return {
        "applied": done.is_applied,
        "created": [asdict(row) for row in done.created],
        "changed": [asdict(row) for row in done.changed],
        "unchanged": len(done.unchanged),
        "refused": [asdict(problem) for problem in done.refused],
        "notes": list(done.notes),
    }


def _show(done: Preview, *, dry_run: bool) -> None:
    for note in done.notes[:MOST_SHOWN]:
        say(escape(note))
    if dry_run:
        for row in (*done.created, *done.changed)[:MOST_SHOWN]:
            say(escape(_told(row)))
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    for problem in done.refused[: 2 * MOST_SHOWN]:
        column = f", {problem.column}" if problem.column else ""
        errors.print(escape(f"Line {problem.line}{column}: {problem.sentence}"))
    verb = "would be " if dry_run else ("" if done.is_applied else "NOT ")
    lines = len({problem.line for problem in done.refused})
    say(
        f"{len(done.created)} {verb}created, {len(done.changed)} {verb}changed, "
        f"{len(done.unchanged)} unchanged, {lines} refused."
    )


def _told(row: PlannedRow) -> str:
    changes = "; ".join(
        f"{change.field}: {change.before or '–'} → {change.after or '–'}" for change in row.changes
    )
    return f"Line {row.line}: {row.label} ({changes})"
