"""`convenor import calendar`: the meetings of an iCalendar file, made or changed; every oddity told with its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.cli.failures import BAD_INPUT
from convenor.cli.files import FILE, content
from convenor.cli.options import ZONE
from convenor.cli.output import json_option, say, say_json
from convenor.cli.persons import as_option
from convenor.interop.calendars.importing import import_calendar
from convenor.interop.calendars.report import ImportReport, Remark
from convenor.interop.calendars.report import Progress as Callback
from convenor.kernel.instants import ZoneName

MOST_SHOWN = 50


@click.command("calendar")
@click.argument("file", type=FILE)
@click.option(
    "--zone",
    type=ZONE,
    default=lambda: settings.TIME_ZONE,
    show_default="CONVENOR_TIME_ZONE",
    help="The time zone of times that name none.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@as_option
@json_option
def calendar(*, file: Path, zone: ZoneName, actor: Actor, dry_run: bool, as_json: bool) -> None:
    """Imports the meetings of an iCalendar file; the same file again changes nothing."""
    data = content(file)
    with _bar() as progress:
        report = import_calendar(
            actor=actor,
            data=data,
            name=file.stem,
            default_zone=zone,
            now=clock.now(),
            dry_run=dry_run,
            progress=progress,
        )
    if as_json:
        say_json(report.as_json())
    else:
        _show(report)
    if _nothing_was_read(report):
        raise SystemExit(BAD_INPUT)


@contextmanager
def _bar() -> Iterator[Callback]:
    """A bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("import", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _nothing_was_read(report: ImportReport) -> bool:
    """Whether all that came of the file is why not."""
    there = report.created or report.changed or report.cancelled or report.unchanged
    return bool(report.refused) and not there


def _show(report: ImportReport) -> None:
    for note in report.notes[:MOST_SHOWN]:
        say(escape(note))
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    for sentence in (*_told(report.refused, "Refused: "), *_told(report.repaired, "")):
        errors.print(escape(sentence))
    counts = report.counts
    verb = "" if report.is_applied else "would be "
    say(
        f"{counts['created']} {verb}created, {counts['changed']} {verb}changed, "
        f"{counts['cancelled']} {verb}cancelled, {counts['unchanged']} unchanged, {counts['refused']} refused; "
        f"{counts['people']} new people."
    )


def _told(remarks: Sequence[Remark], before: str) -> Iterator[str]:
    for each in remarks[:MOST_SHOWN]:
        line = f"Line {each.line}: " if each.line else ""
        yield f"{line}{before}{each.sentence}"
    if len(remarks) > MOST_SHOWN:
        yield f"… and {len(remarks) - MOST_SHOWN} more; --json tells all."
