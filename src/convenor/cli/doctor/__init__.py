"""`convenor doctor`: looks at everything that the application stands on, and changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict

import click
from rich.markup import escape

from convenor.cli.doctor import database, mail, place, time_zones, work
from convenor.cli.doctor.findings import Finding, State
from convenor.cli.output import json_option, say, say_json

Check = Callable[[], Iterable[Finding]]
WITHOUT_DATABASE: tuple[Check, ...] = (
    place.data_folder,
    place.secret_key,
    place.disk_space,
    place.static_copy,
    mail.server,
    mail.inbox,
    time_zones.data,
)
# Each of these needs what stands before it: no tables without migrations, no rows without tables.
GATES: tuple[Check, ...] = (database.reachable, database.migrated)
WITH_DATABASE: tuple[Check, ...] = (database.guarded, time_zones.stored, work.workers, work.dead)
MARKS = {
    State.OK: "[green]ok     [/green]",
    State.WARNING: "[yellow]warning[/yellow]",
    State.FAULT: "[red]FAULT  [/red]",
}


def examine() -> list[Finding]:
    """Everything that can be found out; what needs the database only once the database answers."""
    found = [finding for check in WITHOUT_DATABASE for finding in check()]
    for gate in GATES:
        passed = list(gate())
        found += passed
        if any(finding.state is State.FAULT for finding in passed):
            return found
    return found + [finding for check in WITH_DATABASE for finding in check()]


def show(found: Iterable[Finding]) -> None:
    for finding in found:
        say(f"{MARKS[finding.state]}  {finding.check:<14} {escape(finding.sentence)}")
        if finding.remedy:
            say(f"{'':24} → {escape(finding.remedy)}")


@click.command("doctor")
@json_option
def command(*, as_json: bool) -> None:
    """Says what is wrong with this installation and how to mend it.

    Ends with 1 if something must be mended; warnings alone end with 0.
    """
    found = examine()
    healthy = all(finding.state is not State.FAULT for finding in found)
    if as_json:
        say_json({"healthy": healthy, "findings": [asdict(finding) for finding in found]})
    else:
        show(found)
    sys.exit(0 if healthy else 1)
