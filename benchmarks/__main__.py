"""`make bench`: runs every benchmark, prints one table, writes benchmarks/results.json.

A benchmark is a module of this folder with `run() -> list[Measurement]`. `--only NAME` keeps the
modules whose name holds NAME, or, where none does, the measurements whose name holds it.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
import django
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

import benchmarks
from benchmarks.machine import describe
from benchmarks.measurement import Measurement

RESULTS = Path(__file__).resolve().parent / "results.json"
Run = Callable[[], list[Measurement]]


def found() -> dict[str, Run]:
    """Every module with a `run`, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in names if name != "__main__"}
    return {name: module.run for name, module in modules.items() if callable(getattr(module, "run", None))}


def measure(runs: dict[str, Run]) -> list[Measurement]:
    measured: list[Measurement] = []
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        for name, run in runs.items():
            task = progress.add_task(name, total=None)
            measured += run()
            progress.update(task, total=1, completed=1)
    return measured


def table(measured: list[Measurement]) -> Table:
    shown = Table(title=" · ".join(describe().values()), title_justify="left")
    shown.add_column("measured", overflow="fold")
    for heading in ("value", "target"):
        shown.add_column(heading, justify="right", no_wrap=True)
    shown.add_column("holds")
    for one in measured:
        bound = "≤" if one.at_most else "≥"
        mark = "[green]yes[/green]" if one.holds else "[red]NO[/red]"
        shown.add_row(one.name, f"{one.value:,.4g} {one.unit}", f"{bound} {one.target:,.4g} {one.unit}", mark)
    return shown


def as_json(one: Measurement) -> dict[str, object]:
    names = ("name", "part", "value", "unit", "target", "holds")
    return {name: getattr(one, name) for name in names}


def keep(measured: list[Measurement], *, all_were_run: bool) -> None:
    """Replaces the file, or, after a run of some, the figures that were measured again."""
    old = json.loads(RESULTS.read_text()) if RESULTS.exists() and not all_were_run else []
    again = {one.name for one in measured}
    kept = [entry for entry in old if entry["name"] not in again]
    RESULTS.write_text(
        json.dumps(kept + [as_json(one) for one in measured], ensure_ascii=False, indent=2) + "\n"
    )


@click.command()
@click.option("--only", default="", help="Run the benchmarks whose name holds this.")
def main(only: str) -> None:
    """Measures, prints a table, writes benchmarks/results.json; ends with 1 where a target is missed."""
    runs = found()
    chosen = {name: run for name, run in runs.items() if only.lower() in name.lower()}
    measured = measure(chosen or runs)
    if not chosen:
        measured = [one for one in measured if only.lower() in one.name.lower()]
    if not measured:
        raise click.UsageError(f"No benchmark is called {only!r}; there are {', '.join(runs)}.")
    Console(width=None if sys.stdout.isatty() else 120).print(table(measured))
    keep(measured, all_were_run=not only)
    sys.exit(0 if all(one.holds for one in measured) else 1)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        # No benchmark may touch the data folder that people use.
        os.environ["CONVENOR_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convenor.settings")
        django.setup()
        main()
