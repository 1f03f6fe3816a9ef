"""How commands answer: tables and sentences for people, JSON for programs."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def say(text: str) -> None:
    """One line for people; colours and marks only where a terminal shows them."""
    Console(highlight=False, soft_wrap=True).print(text, markup=True)


def say_json(value: Any) -> None:
    """`value` made of lists, mappings with text keys, text, numbers; dates are already ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
