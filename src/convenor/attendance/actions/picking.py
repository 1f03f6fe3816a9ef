"""Options that a registration chose: counted while it holds a place, and refused where one has run out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convenor.attendance.enums import TAKING, FieldKind
from convenor.attendance.models import FieldOption, Pick, Seat
from convenor.base.inserting import insert_rows

Answers = Mapping[str, str | bool | tuple[str, ...]]
CHOOSING = (FieldKind.CHOICE, FieldKind.CHOICES)


@dataclass(slots=True)
class Options:
    """The options of the fields that were answered, locked in the order of their keys."""

    by_key: dict[tuple[str, str], FieldOption] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    left: dict[int, int] = field(default_factory=dict)  # only of those that can run out

    def chosen(self, answers: Answers) -> list[FieldOption]:
        """Raises ValidationError for what isn't among them."""
        found: list[FieldOption] = []
        for name, answer in answers.items():
            for key in _keys(answer) if name in self.fields else ():
                if (name, key) not in self.by_key:
                    sentence = _("“%(answer)s” is not among the answers.") % {"answer": key}
                    raise ValidationError({name: [ValidationError(sentence, code="unknown_option")]})
                found.append(self.by_key[name, key])
        return found

    def take(self, chosen: Iterable[FieldOption]) -> None:
        """Raises ValidationError, and takes none, where one has run out."""
        wanted = [each for each in chosen if each.pk in self.left]
        for option in wanted:
            if self.left[option.pk] < 1:
                words = {"option": label_of(option)}
                sentence = _("“%(option)s” has run out. Please choose something else.") % words
                error = ValidationError(sentence, code="option_never_oversold")
                raise ValidationError({option.field.key: [error]})
        for option in wanted:
            self.left[option.pk] -= 1


def label_of(option: FieldOption) -> str:
    is_romanian = (get_language() or "").startswith("ro")
    return (option.label_ro if is_romanian else "") or option.label_en


def _keys(answer: str | bool | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(answer, bool):
        return ()
    return tuple(dict.fromkeys(answer)) if not isinstance(answer, str) else (answer,) if answer else ()


def options_for(event_id: int, answers: Iterable[Answers]) -> Options:
    """For what was answered to the event's form. One query where anything could have been chosen, else none."""
    names = {name for each in answers for name, answer in each.items() if _keys(answer)}
    if not names:
        return Options()
    rows = FieldOption.objects.filter(field__form__event=event_id, field__key__in=names)
    rows = rows.filter(field__kind__in=CHOOSING).select_related("field").order_by("pk")
    found = Options()
    for option in rows.select_for_update(no_key=True, of=("self",)):
        found.by_key[option.field.key, option.key] = option
        found.fields.add(option.field.key)
        if option.limit is not None:
            found.left[option.pk] = option.limit - option.taken
    return found


def add_picks(chosen: Mapping[int, Iterable[FieldOption]], holding: Collection[int]) -> None:
    """New picks by the key of the registration; they count for those in `holding`."""
    rows = [
        Pick(registration_id=registration, option=option, counts=registration in holding)
        for registration, options in chosen.items()
        for option in options
    ]
    insert_rows(sorted(rows, key=lambda row: row.option_id))  # in the order in which others lock them too


def recount_picks(registration_ids: Collection[int]) -> None:
    """Let the picks count of whoever came to hold a place, and of nobody else.

    An option that has run out meanwhile stays uncounted: the seat isn't refused for it. One query where nobody
    picked anything.
    """
    rows = Pick.objects.filter(registration__among=registration_ids).order_by("option_id", "pk")
    picks = list(rows)
    if not picks:
        return
    taking = Seat.objects.filter(registration__among=registration_ids, state__in=TAKING)
    holding = set(taking.order_by().values_list("registration_id", flat=True))
    ends = [pick.pk for pick in picks if pick.counts and pick.registration_id not in holding]
    begins = [pick for pick in picks if not pick.counts and pick.registration_id in holding]
    # Locked in one order, whichever way they change
    options = FieldOption.objects.filter(pk__in={pick.option_id for pick in picks}).order_by("pk")
    keys = list(options.select_for_update(no_key=True).values_list("pk", flat=True))
    Pick.objects.filter(pk__among=ends).update(counts=False)
    left = {
        each.pk: each.limit - each.taken for each in options.filter(pk__in=keys) if each.limit is not None
    }
    counted: list[int] = []
    for pick in begins:
        if pick.option_id not in left:
            counted.append(pick.pk)
        elif left[pick.option_id] > 0:
            left[pick.option_id] -= 1
            counted.append(pick.pk)
    Pick.objects.filter(pk__among=counted).update(counts=True)
