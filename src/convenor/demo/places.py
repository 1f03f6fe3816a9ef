"""The demo's three sites and forty rooms, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoSite:
    code: str
    name: str
    zone: str
    country: str
    address: str
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class DemoRoom:
    """`seats` is style → capacity, the usual style first."""

    site: str
    code: str
    name: str
    floor: str
    seats: dict[str, int]
    equipment: str = ""
    accessible: bool = True
    turn_minutes: int = 0
    part_of: str = ""
    needs_approval: bool = False
    longest_minutes: int | None = None
    rate: int = 10


SITES = (
    DemoSite("BUC", "Bucharest", "Europe/Bucharest", "RO", "Bd. Dacia 41, București", "07:30", "20:00"),
    DemoSite(
        "CLJ", "Cluj-Napoca", "Europe/Bucharest", "RO", "Str. Avram Iancu 18, Cluj-Napoca", "08:00", "19:30"
    ),
    DemoSite("LIS", "Lisbon", "Europe/Lisbon", "PT", "Rua do Alecrim 70, Lisboa", "08:00", "20:00"),
)

# Door to door, with the flight where there is one
TRAVEL_MINUTES = {("BUC", "CLJ"): 180, ("BUC", "LIS"): 420, ("CLJ", "LIS"): 480}

EQUIPMENT = {
    "screen": ("Screen", False),
    "video": ("Video conference", False),
    "whiteboard": ("Whiteboard", False),
    "projector": ("Projector", True),
    "microphone": ("Wireless microphone", True),
    "flipchart": ("Flipchart", True),
}
MOVABLE_STOCK = {
    "BUC": {"projector": 4, "microphone": 6, "flipchart": 8},
    "CLJ": {"projector": 2, "microphone": 2, "flipchart": 4},
    "LIS": {"projector": 2, "microphone": 2, "flipchart": 3},
}


def _focus(site: str, code: str, name: str, floor: str) -> DemoRoom:
    return DemoRoom(site, code, name, floor, {"boardroom": 4}, "screen", longest_minutes=120, rate=6)


def _team(site: str, code: str, name: str, floor: str, seats: int, *, accessible: bool = True) -> DemoRoom:
    return DemoRoom(
        site, code, name, floor, {"boardroom": seats, "u_shape": seats - 2}, "screen;video;whiteboard",
        accessible=accessible, rate=8 + seats,
    )  # fmt: skip


def _large(site: str, code: str, name: str, floor: str, seats: int) -> DemoRoom:
    styles = {"boardroom": seats, "u_shape": seats - 2, "classroom": seats + 4, "theatre": seats + 16}
    return DemoRoom(
        site, code, name, floor, styles, "screen;video;whiteboard;projector", turn_minutes=10, rate=45
    )


def _hall(site: str, code: str, name: str, floor: str, seats: int, part_of: str = "") -> DemoRoom:
    styles = {
        "theatre": seats,
        "classroom": seats // 2,
        "cabaret": seats * 2 // 5,
        "reception": seats + seats // 3,
    }
    return DemoRoom(
        site, code, name, floor, styles, "screen;projector;microphone:2", turn_minutes=30,
        part_of=part_of, needs_approval=not part_of, rate=seats,
    )  # fmt: skip


ROOMS = (
    # The rooms of Bucharest are called after rivers
    _focus("BUC", "B1.01", "Argeș", "1"),
    _focus("BUC", "B1.02", "Bistrița", "1"),
    _focus("BUC", "B2.01", "Buzău", "2"),
    _focus("BUC", "B2.02", "Cerna", "2"),
    _focus("BUC", "B3.01", "Dâmbovița", "3"),
    _focus("BUC", "B3.02", "Ialomița", "3"),
    _team("BUC", "B1.10", "Jiu", "1", 8),
    _team("BUC", "B1.11", "Mureș", "1", 8),
    _team("BUC", "B2.10", "Olt", "2", 10),
    _team("BUC", "B2.11", "Prahova", "2", 8),
    _team("BUC", "B2.12", "Prut", "2", 12),
    _team("BUC", "B3.10", "Siret", "3", 10),
    _team("BUC", "B3.11", "Someș", "3", 12, accessible=False),
    _large("BUC", "B2.14", "Timiș", "2", 22),
    _large("BUC", "B3.14", "Vedea", "3", 20),
    DemoRoom(
        "BUC",
        "B4.01",
        "Boardroom",
        "4",
        {"boardroom": 16, "hollow_square": 14},
        "screen;video;whiteboard",
        turn_minutes=15,
        needs_approval=True,
        rate=60,
    ),
    _hall("BUC", "B0.00", "Danube Hall", "0", 220),
    _hall("BUC", "B0.01", "Danube Hall East", "0", 110, "B0.00"),
    _hall("BUC", "B0.02", "Danube Hall West", "0", 100, "B0.00"),
    DemoRoom(
        "BUC",
        "B0.05",
        "Training room",
        "0",
        {"classroom": 24, "u_shape": 18, "cabaret": 20},
        "screen;projector;whiteboard",
        turn_minutes=15,
        rate=40,
    ),
    # In Cluj-Napoca, after mountains
    _focus("CLJ", "C1.01", "Bihor", "1"),
    _focus("CLJ", "C1.02", "Bucegi", "1"),
    _focus("CLJ", "C2.01", "Ceahlău", "2"),
    _team("CLJ", "C1.10", "Făgăraș", "1", 8),
    _team("CLJ", "C1.11", "Gutâi", "1", 8),
    _team("CLJ", "C2.10", "Parâng", "2", 10),
    _team("CLJ", "C2.11", "Retezat", "2", 12),
    _large("CLJ", "C2.14", "Rodna", "2", 20),
    _hall("CLJ", "C0.00", "Apuseni Hall", "0", 120),
    _hall("CLJ", "C0.01", "Apuseni Hall North", "0", 60, "C0.00"),
    _hall("CLJ", "C0.02", "Apuseni Hall South", "0", 56, "C0.00"),
    # In Lisbon, after its quarters
    _focus("LIS", "L1.01", "Alfama", "1"),
    _focus("LIS", "L1.02", "Ajuda", "1"),
    _focus("LIS", "L2.01", "Belém", "2"),
    _team("LIS", "L1.10", "Chiado", "1", 8),
    _team("LIS", "L1.11", "Estrela", "1", 8),
    _team("LIS", "L2.10", "Graça", "2", 10),
    _team("LIS", "L2.11", "Lapa", "2", 10, accessible=False),
    _large("LIS", "L2.14", "Rossio", "2", 18),
    _hall("LIS", "L0.00", "Tejo Hall", "0", 90),
)
