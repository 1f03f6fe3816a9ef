"""A file of people: `email` and `name`, and whatever else the personnel system knows. docs/csv.md lists the columns."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from convenor.interop.csv.cells import Reader, choice_cell, number_cell, read_cells, text_cell, week_cell
from convenor.interop.csv.tables import Column, Refused, Table, folded, read_table
from convenor.people.checks import HIGHEST, LOWEST
from convenor.people.drafts import PersonDraft
from convenor.people.enums import PersonKind

SYNONYMS: dict[str, tuple[str, ...]] = {
    "email": ("e-mail", "email address", "mail", "adresa e-mail", "adresă de e-mail", "poștă electronică"),
    "name": ("full name", "display name", "person", "nume", "nume complet", "nume și prenume", "numele"),
    "department": ("team", "unit", "group", "departament", "departamentul", "echipă", "compartiment"),
    "organisation": ("organization", "company", "employer", "organizație", "companie", "firmă"),
    "kind": ("type", "staff or external", "tip", "fel"),
    "job_title": ("job title", "title", "position", "role", "funcție", "funcția", "post"),
    "phone": ("telephone", "phone number", "mobile", "telefon", "mobil"),
    "manager": (
        "manager email",
        "reports to",
        "line manager",
        "șef",
        "manager direct",
        "superior",
        "e-mail manager",
    ),
    "home_site": ("home site", "site", "office", "location", "sediu", "birou", "locație", "locația"),
    "zone": ("time zone", "timezone", "tz", "fus orar", "fusul orar"),
    "seniority": ("level", "grade", "nivel", "grad"),
    "cost_band": ("cost band", "band", "rate band", "bandă de cost", "bandă"),
    "working_hours": ("working hours", "hours", "work hours", "program", "program de lucru", "ore de lucru"),
}
REQUIRED = (Column("email"),)
_KINDS = {
    **dict.fromkeys(
        ("staff", "employee", "internal", "angajat", "intern", "personal"), PersonKind.STAFF.value
    ),
    **dict.fromkeys(("external", "guest", "contact", "extern", "oaspete"), PersonKind.EXTERNAL.value),
}
READERS: dict[Column, Reader] = {
    **{Column(name): text_cell for name in SYNONYMS},
    Column("kind"): choice_cell(_KINDS),
    Column("seniority"): number_cell(LOWEST, HIGHEST),
    Column("working_hours"): week_cell,
}


@dataclass(frozen=True, slots=True)
class PeopleRows:
    """The drafts that could be read, in the file's order, and what couldn't."""

    table: Table
    drafts: tuple[PersonDraft, ...]
    refused: tuple[Refused, ...]

    def heading(self, field: str) -> str:
        """The file's own word for a draft's field."""
        return self.table.heading(field)


def read_people(content: bytes | str) -> PeopleRows:
    """Read a file of people; nothing is looked up and nothing is decided."""
    table = read_table(content, synonyms_of(SYNONYMS), REQUIRED)
    drafts: list[PersonDraft] = []
    refused = list(table.refused)
    for row in table.rows:
        values, problems = read_cells(row, table, READERS)
        if not values.get("email") and not problems:
            problems = [Refused(row.line, table.heading("email"), gettext("The row has no e-mail."))]
        refused += problems
        if not problems:
            drafts.append(PersonDraft(line=row.line, **values))
    return PeopleRows(table, tuple(drafts), tuple(sorted(refused)))


def synonyms_of(words: dict[str, tuple[str, ...]]) -> dict[str, Column]:
    """Every folded heading of every column."""
    return {folded(word): Column(column) for column, others in words.items() for word in (column, *others)}
