"""What a registration form must satisfy, whoever sets it up. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from django.utils.text import slugify
from django.utils.translation import gettext as _

from convenor.attendance.drafts import FieldDraft, FormDraft, OptionDraft
from convenor.attendance.enums import FieldKind, FormMode
from convenor.events.enums import Confidentiality

MOST_QUESTIONS, MOST_OPTIONS, MOST_GUESTS = 40, 60, 20
LONGEST_INTRO, LONGEST_LABEL, LONGEST_OPTION, LONGEST_KEY = 5_000, 300, 200, 40
CHOSEN = (FieldKind.CHOICE, FieldKind.CHOICES)
Found = Iterable[tuple[str, str]]


def problems_of(
    draft: FormDraft, *, confidentiality: int, taken: Mapping[tuple[str, str], int]
) -> dict[str, list[str]]:
    """Sentences by field; those of a question are under `field_0`, by its place. `taken` says, by question and
    option, how many places are taken of what anybody has chosen.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for name, sentence in (
        *_frame(draft, confidentiality),
        *_keys(draft),
        *(each for place, one in enumerate(draft.fields) for each in _question(f"field_{place}", one)),
        *_limits(draft, taken),
    ):
        found[name].append(sentence)
    return dict(found)


def key_for(label: str, taken: Iterable[str], stem: str = "question") -> str:
    """A key made of a label that isn't taken: "t-shirt", "t-shirt-2", …"""
    base, used = slugify(label)[: LONGEST_KEY - 5].strip("-") or stem, set(taken)
    key, number = base, 1
    while key in used:
        number += 1
        key = f"{base}-{number}"
    return key


def _frame(draft: FormDraft, confidentiality: int) -> Found:
    if draft.mode not in FormMode:
        yield "mode", _("Choose from what is offered.")
    if draft.mode == FormMode.PUBLIC and confidentiality > Confidentiality.INTERNAL:
        yield "mode", _("A restricted or confidential event has no public page: people are invited to it.")
    if draft.opens_at and draft.closes_at and draft.closes_at <= draft.opens_at:
        yield "closes_at", _("Registration must close after it opens.")
    if not 0 <= draft.max_guests <= MOST_GUESTS:
        yield "max_guests", _("From 0 to %(most)d.") % {"most": MOST_GUESTS}
    for name in ("intro_en", "intro_ro"):
        if len(getattr(draft, name)) > LONGEST_INTRO:
            yield name, _("At most %(most)d characters.") % {"most": LONGEST_INTRO}
    if len(draft.fields) > MOST_QUESTIONS:
        yield "fields", _("At most %(most)d questions.") % {"most": MOST_QUESTIONS}


def _keys(draft: FormDraft) -> Found:
    for key, count in Counter(each.key for each in draft.fields).items():
        if count > 1:
            yield "fields", _("Two questions have the key “%(key)s”.") % {"key": key}


def _question(name: str, one: FieldDraft) -> Found:
    if one.kind not in FieldKind:
        yield name, _("Choose how it is answered.")
    if not one.label_en.strip() and not one.label_ro.strip():
        yield name, _("Write the question.")
    if max(len(one.label_en), len(one.label_ro), len(one.help_en), len(one.help_ro)) > LONGEST_LABEL:
        yield name, _("At most %(most)d characters.") % {"most": LONGEST_LABEL}
    if not _is_key(one.key):
        yield name, _("A key is made of small letters, digits and hyphens.")
    if one.kind in CHOSEN:
        yield from _options(name, one.options)


def _options(name: str, options: tuple[OptionDraft, ...]) -> Found:
    if not options:
        yield name, _("Write at least one answer to choose.")
    if len(options) > MOST_OPTIONS:
        yield name, _("At most %(most)d answers.") % {"most": MOST_OPTIONS}
    if len({each.key for each in options}) < len(options):
        yield name, _("Two answers have the same key.")
    for each in options:
        if not (each.label_en.strip() or each.label_ro.strip()) or not _is_key(each.key):
            yield name, _("An answer has no text.")
        if max(len(each.label_en), len(each.label_ro)) > LONGEST_OPTION:
            yield name, _("An answer has at most %(most)d characters.") % {"most": LONGEST_OPTION}
        if each.limit is not None and not 1 <= each.limit <= 1_000_000:
            yield name, _("A limit is at least 1.")


def _limits(draft: FormDraft, taken: Mapping[tuple[str, str], int]) -> Found:
    """What has been chosen can't be taken away from those who chose it."""
    places = {one.key: (f"field_{place}", one) for place, one in enumerate(draft.fields)}
    for (key, option), count in sorted(taken.items()):
        name, one = places.get(key, ("fields", None))
        offered = {each.key: each for each in one.options} if one and one.kind in CHOSEN else {}
        if option not in offered:
            yield name, _("“%(option)s” was chosen already and must stay.") % {"option": option}
        elif (limit := offered[option].limit) is not None and limit < count:
            sentence = _("“%(option)s” was chosen by %(count)d already: the limit can't be lower.")
            yield name, sentence % {"option": offered[option].label_en or option, "count": count}


def _is_key(key: str) -> bool:
    return bool(key) and len(key) <= LONGEST_KEY and slugify(key) == key
