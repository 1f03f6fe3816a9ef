"""What applying a plan would change, and what is wrong with one, in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.events import registry
from convenor.events.plan.changes import Change, Differences, FieldChange
from convenor.events.plan.writing import one_line
from convenor.events.rules.toml_reading import Problem

SIGNS = {"added": "+", "changed": "~", "removed": "-"}
LONGEST_VALUE = 120
MOST_NAMED = 20


def section_title(name: str) -> str:
    titles = {each.name: each.title for each in registry.plan_sections}
    return str(titles.get(name, _("Event")))


def crowds(found: Differences) -> dict[str, int]:
    """How many rows come to each section, where they are too many to name them."""
    counts = Counter(each.section for each in found.changes if each.verb == "added")
    return {section: count for section, count in counts.items() if count > MOST_NAMED}


def change_title(change: Change) -> str:
    """“Opening” (opening); a row without a title by its name."""
    return f"“{change.title}” ({change.name})" if change.title else change.name


def value_text(value: Any) -> str:
    """As a file writes it, on one line and not too long; a dash for nothing."""
    if value in (None, "", [], {}):
        return "–"
    text = one_line(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def field_text(change: FieldChange) -> str:
    """Of lists only what comes and what goes."""
    before, after = change.before, change.after
    if isinstance(before, list) and isinstance(after, list):
        gone, new = (
            [each for each in before if each not in after],
            [each for each in after if each not in before],
        )
        if gone or new:
            parts = [*(f"- {value_text(each)}" for each in gone), *(f"+ {value_text(each)}" for each in new)]
            return f"{change.key}: {', '.join(parts)}"
    return f"{change.key}: {value_text(before)} → {value_text(after)}"


def summary(found: Differences) -> str:
    """How much it is, in one sentence."""
    if found.is_empty:
        return _("“%(title)s” is as the file says: nothing would change.") % {"title": found.title}
    number = len(found.changes)
    sentence = (
        ngettext(
            "“%(title)s” would be made, with %(number)d table of the file.",
            "“%(title)s” would be made, with %(number)d tables of the file.",
            number,
        )
        if found.is_new
        else ngettext(
            "%(number)d thing of “%(title)s” would change.",
            "%(number)d things of “%(title)s” would change.",
            number,
        )
    )
    return sentence % {"title": found.title, "number": number}


def applied_summary(found: Differences) -> str:
    if found.is_empty:
        return _("“%(title)s” was as the file says: nothing has changed.") % {"title": found.title}
    number = len(found.changes)
    if found.is_new:
        return _("“%(title)s” has been made.") % {"title": found.title}
    sentence = ngettext(
        "%(number)d thing of “%(title)s” has changed.",
        "%(number)d things of “%(title)s” have changed.",
        number,
    )
    return sentence % {"title": found.title, "number": number}


def problem_text(problem: Problem) -> str:
    """The sentence, with the suggestion behind it in brackets."""
    if not problem.suggestion:
        return problem.sentence
    suggestion = problem.suggestion
    return f"{problem.sentence} ({suggestion[:1].lower()}{suggestion[1:].removesuffix('.')})"


def problems_as_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "line": each.line,
            "path": list(each.path),
            "sentence": each.sentence,
            "suggestion": each.suggestion,
        }
        for each in problems
    ]


def differences_as_json(found: Differences) -> dict[str, Any]:
    return {
        "key": found.key,
        "title": found.title,
        "is_new": found.is_new,
        "introduced": list(found.introduced),
        "changes": [
            {
                "section": each.section,
                "name": each.name,
                "title": each.title,
                "verb": each.verb,
                "fields": [
                    {"key": field.key, "before": _plain(field.before), "after": _plain(field.after)}
                    for field in each.fields
                ],
            }
            for each in found.changes
        ],
    }


def _plain(value: Any) -> Any:
    """Dates and times as ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value
