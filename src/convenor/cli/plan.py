"""`convenor plan`: a whole event as one file, checked, compared with the database, applied to it and written from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.cli.failures import BAD_INPUT, FAILED
from convenor.cli.files import FILE, content
from convenor.cli.output import json_option, say, say_json
from convenor.cli.persons import as_option
from convenor.events.models import Event
from convenor.events.plan.applying import apply_plan
from convenor.events.plan.changes import Differences, differences_of
from convenor.events.plan.checking import PlanErrors, check_plan, problems_in, warnings_in
from convenor.events.plan.laying import Plan
from convenor.events.plan.text import decoded
from convenor.events.plan.wording import (
    SIGNS,
    applied_summary,
    change_title,
    crowds,
    differences_as_json,
    field_text,
    problem_text,
    problems_as_json,
    section_title,
    summary,
)
from convenor.events.plan.writing import export_plan
from convenor.events.rules.toml_reading import Problem

T = TypeVar("T")
STYLES = {"added": "green", "changed": "yellow", "removed": "red"}
file_argument = click.argument("file", type=FILE)
prune_option = click.option("--prune", is_flag=True, help="Let go what the file doesn't name.")


@click.group("plan")
def command() -> None:
    """Checks, compares, applies and writes whole events as files."""


@command.command("check")
@file_argument
@as_option
@json_option
def check(*, file: Path, actor: Actor, as_json: bool) -> None:
    """Says everything that is wrong with a plan file, line by line; changes nothing."""
    plan = _checked(file, actor, as_json=as_json)
    if as_json:
        say_json({"problems": [], "warnings": problems_as_json(warnings_in(plan))})
        return
    _say_problems(file, warnings_in(plan))
    counts = ", ".join(f"{section_title(name)} {len(rows)}" for name, rows in plan.rows.items() if rows)
    say(f"{escape(str(file))} can be applied. {escape(counts)}".rstrip())


@command.command("diff")
@file_argument
@prune_option
@as_option
@json_option
def diff(*, file: Path, prune: bool, actor: Actor, as_json: bool) -> None:
    """Says what applying a plan file would change; changes nothing."""
    found = differences_of(_checked(file, actor, as_json=as_json, prune=prune))
    if as_json:
        say_json({"problems": [], **differences_as_json(found)})
    else:
        _show(found)
        say(escape(summary(found)))
    if not found.is_empty:
        raise SystemExit(FAILED)


@command.command("apply")
@file_argument
@prune_option
@as_option
@json_option
def apply(*, file: Path, prune: bool, actor: Actor, as_json: bool) -> None:
    """Makes the event what the plan file says, all of it or nothing."""
    text = _text(file, as_json=as_json)
    done = _or_problems(
        file, lambda: apply_plan(actor=actor, text=text, now=clock.now(), prune=prune), as_json=as_json
    )
    if as_json:
        say_json({"problems": [], "event": done.event.pk, **differences_as_json(done.differences)})
    else:
        _show(done.differences)
        say(escape(applied_summary(done.differences)))


@command.command("export")
@click.argument("key")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    default=None,
    help="The file to write. [default: standard output]",
)
@as_option
def export(*, key: str, output: Path | None, actor: Actor) -> None:
    """Writes the event with a key as a plan file."""
    try:
        text = export_plan(actor, key)
    except Event.DoesNotExist:
        raise click.BadParameter(f"There is no event with the key {key!r}.") from None
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


def _text(file: Path, *, as_json: bool) -> str:
    data = content(file)
    return _or_problems(file, lambda: decoded(data), as_json=as_json)


def _checked(file: Path, actor: Actor, *, as_json: bool, prune: bool = False) -> Plan:
    """The plan without errors; with some they are said, and the command ends."""
    text = _text(file, as_json=as_json)
    now = clock.now()
    plan = _or_problems(file, lambda: check_plan(actor, text, now=now, prune=prune), as_json=as_json)
    if errors := problems_in(plan):
        _end(file, errors, as_json=as_json, warnings=warnings_in(plan))
    return plan


def _or_problems(file: Path, work: Callable[[], T], *, as_json: bool) -> T:
    try:
        return work()
    except PlanErrors as error:
        _end(file, error.problems, as_json=as_json)


def _end(
    file: Path, problems: Sequence[Problem], *, as_json: bool, warnings: Sequence[Problem] = ()
) -> NoReturn:
    if as_json:
        say_json({"problems": problems_as_json(problems), "warnings": problems_as_json(warnings)})
    else:
        _say_problems(file, problems)
    raise SystemExit(BAD_INPUT)


def _say_problems(file: Path, problems: Sequence[Problem]) -> None:
    for each in problems:
        kind = "note: " if each.is_warning else ""
        click.echo(f"{file}:{each.line}: {kind}{problem_text(each)}")


def _show(found: Differences) -> None:
    """One line for each row; what changes of it beneath one another."""
    for each in found.introduced:
        say(f"[green]+[/] {escape(each)}")
    if found.is_empty:
        return
    table = Table("", "where", "what", "change", show_edge=False)
    crowded = crowds(found)
    for change in found.changes:
        sign = f"[{STYLES[change.verb]}]{SIGNS[change.verb]}[/]"
        where = escape(section_title(change.section))
        if change.verb != "added" or change.section not in crowds(found):
            fields = "\n".join(escape(field_text(field)) for field in change.fields)
            table.add_row(sign, where, escape(change_title(change)), fields)
        elif change.section in crowded:
            table.add_row(sign, where, str(crowded.pop(change.section)), "")
    Console().print(table)
