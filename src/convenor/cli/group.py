"""The list of commands, and the group that loads each of them only when it is called."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable

import click
import django

# name: (module, what it does). The sentence stands here so that `convenor --help` needs no settings.
COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("serve", "Serves the screens, the feeds and the background work."),
    "demo": ("demo", "Makes the demo organisation, serves it and says who can sign in."),
    "worker": ("worker", "Does background work in a process of its own."),
    "import": ("imports", "Imports people and rooms from CSV files, meetings from iCalendar files."),
    "export": ("exports", "Exports calendars as iCalendar files."),
    "receive": ("receive", "Takes one mail from standard input, for a mail server's pipe."),
    "find-time": ("find_time", "Finds when people can meet, or says why they can't."),
    "class": ("event_classes", "Lists, shows, checks and saves event classes as files."),
    "plan": ("plan", "Checks, compares, applies and writes whole events as files."),
    "conflicts": ("conflicts", "Lists what is wrong with the schedule from now on, and the ways out."),
    "doctor": ("doctor", "Says what is wrong with this installation and how to mend it."),
    "manage": ("manage", "Runs one of Django's own management commands."),
}


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convenor.settings")
    django.setup()


class LazyGroup(click.Group):
    """Imports a command's module, and Django before it, when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        set_up_django()
        module = importlib.import_module(f"convenor.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        rows: Iterable[tuple[str, str]] = ((name, said) for name, (_module, said) in COMMANDS.items())
        with formatter.section("Commands"):
            formatter.write_dl(list(rows))


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(package_name="convenor", prog_name="Convenor")
def root() -> None:
    """Convenor keeps a company's meetings and rooms. Settings come from the environment (docs/settings.md)."""
