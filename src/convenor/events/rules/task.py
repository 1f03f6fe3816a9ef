"""What a task must satisfy: one validator for the form, the plan file, the class and every other way in. Pure.

Also the decisions about a task's state: what may be called done, and what the reader is told all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.base.text import validate_text
from convenor.events.drafts import TaskDraft
from convenor.events.enums import Anchor, TaskState
from convenor.events.rules.due_dates import MOST_DAYS
from convenor.events.rules.event import FIRST_YEAR, LAST_YEAR
from convenor.kernel.backward_plan import cycle_in

LONGEST_KEY, LONGEST_TITLE, LONGEST_ITEM, LONGEST_TEXT = 60, 200, 200, 20_000
MOST_TASKS, MOST_ITEMS, MOST_AFTER = 1_000, 100, 50
LONGEST_TASK = 250  # working days: about a year
_KEY_STEM = 50


@dataclass(frozen=True, slots=True)
class TaskProblem:
    """`index` is the draft's place in what was checked, `field` the draft's field."""

    index: int
    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What the drafts meet. `owners` are those that may be named, by key, with whether they are active; None leaves them unchecked.

    `others` are the event's other tasks: keys that they depend on, by key. `titles` of the others, for sentences.
    `kept_owners` have left, but own the task already.
    """

    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[int, tuple[str, bool]] | None = None
    kept_owners: frozenset[int] = frozenset()


def task_problems(drafts: Sequence[TaskDraft], facts: TaskFacts | None = None) -> list[TaskProblem]:
    """Everything that is wrong with the drafts, in their order; what only shows in all of them together comes last."""
    facts = facts or TaskFacts()
    found = [
        TaskProblem(index, name, sentence)
        for index, draft in enumerate(drafts)
        for name, sentence in (*_texts(draft), *_numbers(draft), *_checklist(draft), *_owner(draft, facts))
    ]
    found += _keys(drafts, facts)
    return found or [*_dependencies(drafts, facts)]


def raise_problems(drafts: Sequence[TaskDraft], problems: Iterable[TaskProblem]) -> None:
    """Raise ValidationError with the sentences by field; where there are several drafts, each with its task's title."""
    by_field: dict[str, list[str]] = defaultdict(list)
    for each in problems:
        draft = drafts[each.index]
        named = _("“%(title)s”: %(sentence)s") % {
            "title": draft.title.strip()[:80] or draft.key,
            "sentence": each.sentence,
        }
        by_field[each.field].append(each.sentence if len(drafts) == 1 else named)
    if by_field:
        raise ValidationError(dict(by_field))


def task_key(title: str, taken: Iterable[str]) -> str:
    """A key made of the title that isn't taken: "order-buses", "order-buses-2", …"""
    stem, used = slugify(title)[:_KEY_STEM].strip("-_") or "task", set(taken)
    return next(key for n in count(1) if (key := stem if n == 1 else f"{stem}-{n}") not in used)


def _texts(draft: TaskDraft) -> Iterator[tuple[str, str]]:
    if not draft.title.strip():
        yield "title", _("A task needs a title.")
    for name, text, longest in (
        ("title", draft.title.strip(), LONGEST_TITLE),
        ("description", draft.description, LONGEST_TEXT),
    ):
        yield from ((name, sentence) for sentence in text_sentences(text, longest))
    if draft.key and (slugify(draft.key) != draft.key or len(draft.key) > LONGEST_KEY):
        yield "key", _("A key is made of small letters, digits and hyphens, such as order-buses.")
    if draft.state not in TaskState.values:
        yield "state", _("There is no such state.")


def text_sentences(text: str, longest: int) -> Iterator[str]:
    """What is wrong with a text: its length, characters that no database keeps."""
    if len(text) > longest:
        sentence = _("At most %(most)d characters fit here; these are %(count)d.")
        yield sentence % {"most": longest, "count": len(text)}
    try:
        validate_text(text)
    except ValidationError as error:
        yield error.messages[0]


def _numbers(draft: TaskDraft) -> Iterator[tuple[str, str]]:
    if not 1 <= draft.duration_days <= LONGEST_TASK:
        yield (
            "duration_days",
            _("A task takes from 1 to %(most)d working days.") % {"most": LONGEST_TASK},
        )
    if draft.fixed_due_on is not None:
        if not FIRST_YEAR <= draft.fixed_due_on.year <= LAST_YEAR:
            years = {"first": FIRST_YEAR, "last": LAST_YEAR}
            yield "fixed_due_on", _("The year must be from %(first)d to %(last)d.") % years
    elif abs(draft.due.days) > MOST_DAYS:
        yield "due", _("A task is due at most %(most)d days before or after.") % {"most": MOST_DAYS}
    if draft.due.anchor not in Anchor.values:
        yield "due", _("A due date counts from load-in, start, end or load-out.")


def _checklist(draft: TaskDraft) -> Iterator[tuple[str, str]]:
    if len(draft.checklist) > MOST_ITEMS:
        yield "checklist", _("A checklist has at most %(most)d items.") % {"most": MOST_ITEMS}
    for item in draft.checklist:
        if not item.text.strip():
            yield "checklist", _("An item of the checklist is empty.")
        yield from (("checklist", sentence) for sentence in text_sentences(item.text.strip(), LONGEST_ITEM))


def _owner(draft: TaskDraft, facts: TaskFacts) -> Iterator[tuple[str, str]]:
    if draft.owner_id is None or facts.owners is None or draft.owner_id in facts.kept_owners:
        return
    name, is_active = facts.owners.get(draft.owner_id, ("", False))
    if not name:
        yield "owner_id", _("There is no such person.")
    elif not is_active:
        yield "owner_id", _("%(name)s is no longer active.") % {"name": name}


def _keys(drafts: Sequence[TaskDraft], facts: TaskFacts) -> Iterator[TaskProblem]:
    seen: set[str] = set(facts.others)
    for index, draft in enumerate(drafts):
        if draft.key and draft.key in seen:
            sentence = _("Another task of this event has the key “%(key)s” already.") % {"key": draft.key}
            yield TaskProblem(index, "key", sentence)
        seen.add(draft.key)
    if drafts and len(drafts) + len(facts.others) > MOST_TASKS:
        yield TaskProblem(0, "title", _("An event has at most %(most)d tasks.") % {"most": MOST_TASKS})


def _dependencies(drafts: Sequence[TaskDraft], facts: TaskFacts) -> Iterator[TaskProblem]:
    known = {*facts.others, *(draft.key for draft in drafts)}
    unknown = False
    for index, draft in enumerate(drafts):
        if len(draft.after) > MOST_AFTER:
            sentence = _("A task depends on at most %(most)d others.") % {"most": MOST_AFTER}
            yield TaskProblem(index, "after", sentence)
        for key in draft.after:
            if key not in known:
                unknown = True
                sentence = _("There is no task with the key “%(key)s” in this event.") % {"key": key[:80]}
                yield TaskProblem(index, "after", sentence)
    if not unknown:
        yield from _cycle(drafts, facts)


def _cycle(drafts: Sequence[TaskDraft], facts: TaskFacts) -> Iterator[TaskProblem]:
    after = {**facts.others, **{draft.key: draft.after for draft in drafts if draft.key}}
    cycle = cycle_in(after)
    if cycle is None:
        return
    titles = {**facts.titles, **{draft.key: draft.title.strip() for draft in drafts}}
    index = next((i for i, draft in enumerate(drafts) if draft.key in cycle), 0)
    yield TaskProblem(index, "after", cycle_sentence([titles.get(key) or key for key in cycle]))


def cycle_sentence(titles: Sequence[str]) -> str:
    """Each of the titles waits for the next one, the last for the first."""
    if len(titles) == 1:
        return _("“%(title)s” can't wait for itself.") % {"title": titles[0]}
    chain = " → ".join(f"“{title}”" for title in (*titles, titles[0]))
    return _("These tasks wait for each other in a circle: %(chain)s.") % {"chain": chain}


def waiting_sentence(title: str, names: Sequence[str]) -> str:
    """Why something can't be called done: `names` are the tasks before it that are still open."""
    sentence = ngettext(
        "“%(title)s” waits for a task that is still open: %(names)s.",
        "“%(title)s” waits for tasks that are still open: %(names)s.",
        len(names),
    )
    return sentence % {"title": title, "names": ", ".join(f"“{name}”" for name in names)}


def unticked_sentence(title: str, number: int) -> str:
    sentence = ngettext(
        "“%(title)s” is done, with %(number)d item of its checklist still open.",
        "“%(title)s” is done, with %(number)d items of its checklist still open.",
        number,
    )
    return sentence % {"title": title, "number": number}
