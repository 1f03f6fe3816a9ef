"""What people are asked for, as plain values: from forms, imports and the demo alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from convenor.kernel.week_text import WeekRow
from convenor.people.models import CostBand, Department, Organisation, Person
from convenor.venues.models import Site


class PersonFields(TypedDict, total=False):
    """Columns of a person; those left out stay as they are."""

    kind: str
    organisation: Organisation
    department: Department | None
    email: str
    name: str
    job_title: str
    phone: str
    manager: Person | None
    home_site: Site | None
    zone: str
    cost_band: CostBand | None
    seniority: int


class DepartmentFields(TypedDict, total=False):
    """Columns of a department; those left out stay as they are."""

    organisation: Organisation
    parent: Department | None
    code: str
    name: str
    leader: Person | None
    cost_centre: str


class CostBandFields(TypedDict, total=False):
    """Columns of a cost band; those left out stay as they are."""

    name: str
    hourly_rate: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """One row of an import. What is None stays as it is, "" empties it; references are names that the action looks up."""

    line: int
    email: str
    name: str | None = None
    department: str | None = None
    organisation: str | None = None
    kind: str | None = None
    job_title: str | None = None
    phone: str | None = None
    manager: str | None = None
    home_site: str | None = None
    zone: str | None = None
    seniority: int | None = None
    cost_band: str | None = None
    working_hours: Sequence[WeekRow] | None = None
