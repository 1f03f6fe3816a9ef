"""The demo's departments and people, made from the seed."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass

DOMAIN = "danubia.example"


@dataclass(frozen=True, slots=True)
class DemoDepartment:
    code: str
    name: str
    parent: str
    size: dict[str, int]  # site code → people
    leader_title: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    email: str
    name: str
    department: str
    site: str
    title: str
    manager: str  # e-mail, empty for the chief executive
    seniority: int
    kind: str = "staff"
    organisation: str = "Danubia Systems"


_ENGINEER = ("Software engineer", "Senior software engineer", "Staff engineer", "Test engineer")
DEPARTMENTS = (
    DemoDepartment("exec", "Executive office", "", {"BUC": 5}, "Chief executive officer",
                   ("Executive assistant", "Chief of staff", "Corporate meeting coordinator")),
    DemoDepartment("eng", "Engineering", "exec", {"BUC": 4, "CLJ": 2}, "Chief technology officer", ("Programme manager", "Architect")),
    DemoDepartment("eng-platform", "Platform", "eng", {"BUC": 26, "CLJ": 14}, "Head of Platform", _ENGINEER),
    DemoDepartment("eng-payments", "Payments", "eng", {"BUC": 28, "LIS": 12}, "Head of Payments", _ENGINEER),
    DemoDepartment("eng-mobile", "Mobile", "eng", {"CLJ": 26, "LIS": 8}, "Head of Mobile", _ENGINEER),
    DemoDepartment("eng-data", "Data", "eng", {"CLJ": 18, "BUC": 8}, "Head of Data", ("Data engineer", "Data scientist", "Analyst")),
    DemoDepartment("eng-quality", "Quality", "eng", {"CLJ": 14, "BUC": 8}, "Head of Quality", ("Test engineer", "Test lead")),
    DemoDepartment("product", "Product", "exec", {"BUC": 12, "CLJ": 5, "LIS": 5}, "Chief product officer", ("Product manager", "Product owner")),
    DemoDepartment("design", "Design", "product", {"LIS": 12, "BUC": 6}, "Head of Design", ("Product designer", "Researcher")),
    DemoDepartment("sales", "Sales", "exec", {"BUC": 26, "LIS": 14}, "Chief commercial officer", ("Account executive", "Sales engineer")),
    DemoDepartment("marketing", "Marketing", "sales", {"LIS": 10, "BUC": 8}, "Head of Marketing", ("Campaign manager", "Events manager", "Writer")),
    DemoDepartment("success", "Customer success", "sales", {"BUC": 20, "CLJ": 10, "LIS": 8}, "Head of Customer success", ("Customer success manager", "Support engineer")),
    DemoDepartment("finance", "Finance", "exec", {"BUC": 16, "LIS": 3}, "Chief financial officer", ("Accountant", "Controller", "Payroll specialist")),
    DemoDepartment("procurement", "Procurement", "finance", {"BUC": 7}, "Head of Procurement", ("Buyer", "Contract manager")),
    DemoDepartment("hr", "People and culture", "exec", {"BUC": 9, "CLJ": 4, "LIS": 3}, "Chief people officer", ("Recruiter", "People partner", "Trainer")),
    DemoDepartment("legal", "Legal", "exec", {"BUC": 7}, "General counsel", ("Counsel", "Compliance officer")),
    DemoDepartment("it", "IT", "finance", {"BUC": 8, "CLJ": 4, "LIS": 3}, "Head of IT", ("System administrator", "Service desk analyst")),
    DemoDepartment("facilities", "Facilities", "finance", {"BUC": 9, "CLJ": 4, "LIS": 3}, "Head of Facilities", ("Facility technician", "Receptionist", "Building manager")),
    DemoDepartment("safety", "Health and safety", "legal", {"BUC": 4, "CLJ": 2, "LIS": 1}, "Head of Health and safety", ("Safety officer", "Fire warden")),
)  # fmt: skip

PARTIES = {
    "Nordhaven Bank": ("nordhaven.example", ("Astrid Lindqvist", "Jonas Berg", "Maja Ekström")),
    "Tejo Retail": ("tejoretail.example", ("Beatriz Falcão", "Duarte Simões")),
    "Hallam & Pryce Audit": ("hallampryce.example", ("Eleanor Pryce", "Tom Hallam")),
    "Aurora Insurance": ("aurora-insurance.example", ("Paul Weber", "Katrin Scholz")),
}

ROMANIAN_FIRST = ("Ana", "Andrei", "Maria", "Ștefan", "Ioana", "Radu", "Elena", "Mihai", "Cristina", "Vlad", "Raluca", "Bogdan",
                  "Gabriela", "Cătălin", "Simona", "Dan", "Oana", "Răzvan", "Alina", "Tudor", "Irina", "Sorin", "Laura", "Octavian",
                  "Mădălina", "Florin", "Daria", "Ionuț", "Adriana", "Petru", "Bianca", "Marius", "Teodora", "Cosmin", "Ilinca", "Victor")  # fmt: skip
ROMANIAN_LAST = ("Popescu", "Ionescu", "Stan", "Dumitrescu", "Țurcanu", "Marin", "Constantinescu", "Georgescu", "Rusu", "Munteanu",
                 "Matei", "Șerban", "Dobre", "Barbu", "Nistor", "Florea", "Cojocaru", "Voicu", "Lungu", "Păun", "Neagu", "Tănase",
                 "Oprea", "Ursu", "Ardelean", "Mureșan", "Pop", "Moldovan", "Bălan", "Crișan", "Filip", "Sandu", "Vasile", "Iordache")  # fmt: skip
PORTUGUESE_FIRST = ("João", "Inês", "Tiago", "Marta", "Rui", "Beatriz", "Miguel", "Sofia", "Gonçalo", "Leonor", "Nuno", "Catarina",
                    "Duarte", "Joana", "André", "Mariana", "Hugo", "Rita")  # fmt: skip
PORTUGUESE_LAST = ("Silva", "Santos", "Ferreira", "Pereira", "Oliveira", "Costa", "Rodrigues", "Martins", "Sousa", "Gonçalves",
                   "Almeida", "Ribeiro", "Carvalho", "Teixeira", "Moreira", "Correia", "Nunes", "Simões")  # fmt: skip

# People whom the guide and the tests know by name: the first of their department
NAMED = {
    "exec": ("Radu Constantinescu", "Ioana Marinescu", "Elena Dobre", "Tudor Neagu", "Simona Matei"),
    "eng": ("Cristina Ardelean",),
    "finance": ("Victor Georgescu",),
    "sales": ("Alina Șerban",),
    "facilities": ("Sorin Barbu",),
    "safety": ("Irina Păun",),
    "procurement": ("Florin Oprea",),
}
NAMED_TITLES = {
    "Ioana Marinescu": "Corporate meeting coordinator",
    "Elena Dobre": "Executive assistant",
    "Tudor Neagu": "Chief of staff",
    "Simona Matei": "Corporate meeting coordinator",
}
LEADER_SENIORITY = {"exec": 5, "eng": 5, "product": 5, "sales": 5, "finance": 5, "hr": 4, "legal": 4}


def plain(text: str) -> str:
    """ASCII, for an e-mail address: "Ștefan Țurcanu" → "stefan.turcanu"."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return folded.lower().replace(" ", ".")


class _Names:
    """Names that don't repeat, given the random source."""

    def __init__(self, source: random.Random) -> None:
        self.source = source
        self.taken: set[str] = {plain(name) for names in NAMED.values() for name in names}

    def next(self, site: str) -> str:
        firsts, lasts = (
            (PORTUGUESE_FIRST, PORTUGUESE_LAST) if site == "LIS" else (ROMANIAN_FIRST, ROMANIAN_LAST)
        )
        while True:
            name = f"{self.source.choice(firsts)} {self.source.choice(lasts)}"
            if plain(name) not in self.taken:
                self.taken.add(plain(name))
                return name


def _department_people(
    department: DemoDepartment, names: _Names, chief: str, source: random.Random
) -> list[DemoPerson]:
    sites = [site for site, count in department.size.items() for _ in range(count)]
    known = NAMED.get(department.code, ())
    people: list[DemoPerson] = []
    for place, site in enumerate(sites):
        name = known[place] if place < len(known) else names.next(site)
        leads = place == 0
        title = department.leader_title if leads else NAMED_TITLES.get(name, source.choice(department.titles))
        seniority = (
            LEADER_SENIORITY.get(department.code, 3)
            if leads
            else 2
            if title.startswith(("Senior", "Staff"))
            else 1
        )
        manager = chief if leads else people[0].email
        people.append(
            DemoPerson(f"{plain(name)}@{DOMAIN}", name, department.code, site, title, manager, seniority)
        )
    return people


def staff(source: random.Random) -> list[DemoPerson]:
    """Everybody at Danubia Systems, leaders first within each department."""
    names, people, leaders = _Names(source), [], {"": ""}
    for department in DEPARTMENTS:
        members = _department_people(department, names, leaders[department.parent], source)
        leaders[department.code] = members[0].email
        people += members
    return people


def outside_parties() -> list[DemoPerson]:
    """The people from outside whom the demo's meetings know."""
    return [
        DemoPerson(f"{plain(name)}@{domain}", name, "", "", "", "", 3, "external", organisation)
        for organisation, (domain, names) in PARTIES.items()
        for name in names
    ]
