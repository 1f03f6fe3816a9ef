"""People and how the company is made up. Thin: columns, constraints, facts about one row."""

from convenor.people.models.availability import Leave, WorkingException, WorkingHours
from convenor.people.models.delegation import Delegation
from convenor.people.models.organisation import CostBand, Department, Organisation
from convenor.people.models.person import EmailAlias, Person, PersonNeeds

__all__ = [
    "CostBand",
    "Delegation",
    "Department",
    "EmailAlias",
    "Leave",
    "Organisation",
    "Person",
    "PersonNeeds",
    "WorkingException",
    "WorkingHours",
]
