"""What is asked of rolls and registrations, as plain values: forms, imports and actions share them.

Instants are aware UTC; ids are primary keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from convenor.attendance.enums import AccessNeed, Diet, FieldKind, FormMode, ScanKind, WaitlistRule


@dataclass(frozen=True, slots=True)
class RollDraft:
    """The whole of a roll's settings. With `follows_room` the capacity is looked up and what is given is not used."""

    capacity: int | None = None
    follows_room: bool = True
    has_waitlist: bool = True
    waitlist_rule: WaitlistRule = WaitlistRule.ORDER
    offer_hours: int = 24
    rsvp_by: datetime | None = None
    cancel_free_until: datetime | None = None
    guarantee_due: datetime | None = None
    is_choosable: bool = False
    no_show_minutes: int | None = None
    gives_up_room: bool = False


@dataclass(frozen=True, slots=True)
class AllotmentDraft:
    """For a department or an organisation: one of the two."""

    size: int
    department_id: int | None = None
    organisation_id: int | None = None
    release_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody to be put on a roll. With `person_id` the directory's name, address, organisation and department stand."""

    name: str = ""
    email: str = ""
    organisation: str = ""
    phone: str = ""
    person_id: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class NeedsDraft:
    diets: tuple[Diet, ...] = ()
    dietary: str = ""
    access: tuple[AccessNeed, ...] = ()
    access_text: str = ""


@dataclass(frozen=True, slots=True)
class RegistrationDraft:
    """`function_ids` are the functions chosen besides the event itself; `answers` are by the field's key: text, an
    option's key, a tuple of keys, or True. `nonce` is the form's: the same form sent twice is one registration. Without
    `on_event` they come to the functions alone, and get no seat at the event as a whole.
    """

    who: Who
    function_ids: tuple[int, ...] = ()
    guests: tuple[Who, ...] = ()
    answers: Mapping[str, str | bool | tuple[str, ...]] = field(default_factory=dict)
    needs: NeedsDraft = field(default=NeedsDraft())
    allotment_id: int | None = None
    on_event: bool = True
    priority: int = 0
    note: str = ""
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class OptionDraft:
    key: str
    label_en: str
    label_ro: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class FieldDraft:
    key: str
    kind: FieldKind
    label_en: str
    label_ro: str = ""
    help_en: str = ""
    help_ro: str = ""
    is_required: bool = False
    options: tuple[OptionDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class FormDraft:
    """The whole registration form. `function_ids` are the functions that registrants choose; None leaves them as they are."""

    mode: FormMode = FormMode.INVITATION
    is_open: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    intro_en: str = ""
    intro_ro: str = ""
    asks_organisation: bool = True
    asks_phone: bool = False
    asks_dietary: bool = True
    asks_access: bool = True
    max_guests: int = 0
    shows_seats_left: bool = False
    needs_approval: bool = False
    fields: tuple[FieldDraft, ...] = ()
    function_ids: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class ScanDraft:
    """What a device at a door saw: a code, or somebody found by name. `at` is by our clock.

    `lets_in`: whoever stands at the door wants them in, whatever the list says. `undoes` names the scan that is taken
    back.
    """

    uid: UUID
    at: datetime
    kind: ScanKind = ScanKind.IN
    code: str = ""
    registration_id: int | None = None
    lets_in: bool = False
    undoes: UUID | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class WalkInDraft:
    """Somebody who came without being on the list. The same `uid` sent again is the same person."""

    uid: UUID
    at: datetime
    who: Who
    device: str = ""
