"""The table of states as docs/events.md shows it."""

from __future__ import annotations

from convenor.events.rules.states import TABLE, Step

HEAD = ("| From | To | It needs | What happens besides |", "|---|---|---|---|")


def as_markdown() -> str:
    """One line for each step, in the table's order, in the language in force."""
    return "\n".join([*HEAD, *(_line(step) for step in TABLE)]) + "\n"


def _line(step: Step) -> str:
    needs = "; ".join(str(each.words) for each in step.conditions) or "nothing"
    effects = "; ".join(str(each.label) for each in step.effects)
    return f"| {step.source.label} | {step.target.label} | {needs} | {effects} |"
