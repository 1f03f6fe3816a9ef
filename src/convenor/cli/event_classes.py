"""`convenor class`: event classes listed, shown, checked and saved as files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from convenor.base.actor import Actor
from convenor.cli.failures import BAD_INPUT
from convenor.cli.files import FILE, content
from convenor.cli.output import json_option, say, say_json
from convenor.cli.persons import as_option
from convenor.events.actions.event_class import BadPolicy, StaleClass, save_class
from convenor.events.models import ClassVersion, EventClass
from convenor.events.queries.classes import (
    classes_for,
    current_version,
    known_checks,
    seen_classes,
    version_for,
)
from convenor.events.rules.policy_text import PolicyErrors, read_policy
from convenor.events.rules.toml_reading import Problem

file_argument = click.argument("file", type=FILE)


@click.group("class")
def command() -> None:
    """Lists, shows, checks and saves event classes as files."""


@command.command("list")
@as_option
@json_option
def list_(*, actor: Actor, as_json: bool) -> None:
    """Lists the event classes with what each asks for."""
    rows = classes_for(actor, with_retired=True)
    if as_json:
        say_json(
            [
                {
                    "code": row.event_class.code,
                    "title": row.policy.title.en,
                    "version": row.current.number,
                    "is_offered": row.event_class.is_active,
                    "tasks": len(row.policy.tasks),
                    "functions": row.functions,
                    "checks": [check.code for check in row.policy.checks],
                    "events": row.events,
                }
                for row in rows
            ]
        )
        return
    shown = Table("code", "title", "version", "tasks", "functions", "checks", "events")
    for row in rows:
        counts = (
            row.current.number,
            len(row.policy.tasks),
            row.functions,
            len(row.policy.checks),
            row.events,
        )
        offered = "" if row.event_class.is_active else " (not offered)"
        shown.add_row(row.event_class.code, escape(row.policy.title.en) + offered, *map(str, counts))
    Console().print(shown)


@command.command("show")
@click.argument("code")
@click.option(
    "--version", "number", type=click.IntRange(1), default=None, help="Which. [default: the newest]"
)
@as_option
def show(*, code: str, number: int | None, actor: Actor) -> None:
    """Writes the TOML text of a class to standard output."""
    try:
        version = version_for(actor, code, number)
    except EventClass.DoesNotExist:
        raise click.BadParameter(f"There is no event class with the code {code!r}.") from None
    except ClassVersion.DoesNotExist:
        raise click.BadParameter(f"{code!r} has no version {number}.") from None
    click.echo(version.text, nl=False)


@command.command("check")
@file_argument
@json_option
def check(*, file: Path, as_json: bool) -> None:
    """Says everything that is wrong with the file of a class, line by line; changes nothing."""
    try:
        reading = read_policy(_text(file), known_checks())
    except PolicyErrors as error:
        _end(file, error.problems, as_json=as_json)
    if as_json:
        say_json({"problems": [], "warnings": _plain(reading.warnings)})
        return
    _say(file, reading.warnings)
    policy = reading.policy
    functions = len(policy.functions) + len(policy.meetings)
    say(
        f"{escape(str(file))} is in order: tasks {len(policy.tasks)}, functions {functions}, checks {len(policy.checks)}."
    )


@command.command("save")
@click.argument("code")
@file_argument
@click.option("--note", default="", help="What changed, in one line.")
@click.option(
    "--base",
    type=click.IntRange(1),
    default=None,
    help="The version that the file was made from; a newer one is not replaced. [default: the newest]",
)
@as_option
def save(*, code: str, file: Path, note: str, base: int | None, actor: Actor) -> None:
    """Saves the file as the next version of a class, or as a new class."""
    found = seen_classes(actor).filter(code=code).first()
    if base is None and found is not None:
        base = current_version(found).number
    try:
        version = save_class(actor=actor, code=code, text=_text(file), note=note, base_version=base)
    except BadPolicy as error:
        _end(file, error.problems)
    except StaleClass as error:
        changed = ", ".join(change.title for change in error.changes)
        raise click.ClickException(
            f"{' '.join(error.messages)} They changed: {changed or 'its wording'}."
        ) from None
    say(f"{escape(code)} has version {version.number}.")


def _text(file: Path) -> str:
    try:
        return content(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.BadParameter(f"{file} isn't a text in UTF-8.") from None


def _plain(problems: Iterable[Problem]) -> list[dict[str, object]]:
    return [
        {
            "line": each.line,
            "path": ".".join(map(str, each.path)),
            "sentence": each.sentence,
            "suggestion": each.suggestion,
        }
        for each in problems
    ]


def _say(file: Path, problems: Iterable[Problem]) -> None:
    for each in problems:
        mark = "note: " if each.is_warning else ""
        click.echo(f"{file}:{each.line}: {mark}{each.sentence} {each.suggestion}".rstrip(), err=True)


def _end(file: Path, problems: Iterable[Problem], *, as_json: bool = False) -> NoReturn:
    if as_json:
        say_json({"problems": _plain(problems), "warnings": []})
    else:
        _say(file, problems)
    raise SystemExit(BAD_INPUT)
