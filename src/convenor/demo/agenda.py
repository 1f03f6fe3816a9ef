"""The demo's events, as plain data: at least one in every state."""

from __future__ import annotations

from dataclasses import dataclass

from convenor.attendance.enums import FormMode, WaitlistRule
from convenor.demo.rolls import DemoRoll
from convenor.events.enums import Confidentiality, EventState

COORDINATOR, SECOND = "ioana.marinescu", "simona.matei"


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """`days` from the first day of this week to the event's; `rooms` are tried in order; people are named as before the @."""

    title: str
    class_code: str
    state: EventState
    department: str
    days: int | None
    lasts: int = 1
    site: str = "BUC"
    owner: str = COORDINATOR
    sponsor: str = "radu.constantinescu"
    rooms: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()  # departments whose first people take part
    guests: tuple[str, ...] = ()  # whole addresses
    count: int = 12
    confidentiality: Confidentiality = Confidentiality.INTERNAL
    objectives: str = ""
    reason: str = ""
    roll: DemoRoll | None = None


EVENTS = (
    DemoEvent(
        "Finance department offsite", "department-event", EventState.ENQUIRY, "finance", None,
        sponsor="victor.georgescu", count=19, objectives="Agree on how the budget round is run next year.",
    ),
    DemoEvent(
        "Women in engineering evening", "department-event", EventState.ENQUIRY, "eng", 58, site="CLJ", owner=SECOND,
        sponsor="cristina.ardelean", count=60, confidentiality=Confidentiality.OPEN,
        objectives="Meet forty students and hire five of them.",
    ),
    DemoEvent(
        "Platform and Payments: one queue for both", "cross-department-workshop", EventState.PLANNING, "eng-platform", 22,
        lasts=2, sponsor="cristina.ardelean", rooms=("B2.14", "B3.14", "B0.05"), takes=("eng-platform", "eng-payments"),
        count=16, roll=DemoRoll(14, capacity=16, rule=WaitlistRule.BALANCE), objectives="Decide which of the two queues stays, who moves when, and what customers will notice.",
    ),
    DemoEvent(
        "All-hands, first quarter", "town-hall", EventState.PLANNING, "exec", 43, rooms=("B0.00",),
        takes=("exec", "sales", "product"), count=200,
        roll=DemoRoll(190, outside=True, allotment=("sales", 20)), objectives="Results of the year; the plan; questions answered live.",
    ),
    DemoEvent(
        "Yearly review with Nordhaven Bank", "executive-meeting", EventState.CONFIRMED, "sales", 9, sponsor="alina.serban",
        rooms=("B4.01", "B2.14"), takes=("exec", "sales"), count=9, confidentiality=Confidentiality.RESTRICTED,
        guests=("astrid.lindqvist@nordhaven.example", "jonas.berg@nordhaven.example"),
        objectives="Renew the contract for three years; agree on the price of support.",
    ),
    DemoEvent(
        "Product roadmap, department leaders", "team-meeting", EventState.CONFIRMED, "product", 3, owner=SECOND,
        rooms=("B3.14", "B2.12"), takes=("product", "design"), count=8, roll=DemoRoll(0, mode=FormMode.INVITATION), objectives="Choose the three bets of next quarter.",
    ),
    DemoEvent(
        "Security training for new colleagues", "training", EventState.IN_PROGRESS, "it", 0, lasts=5, owner=SECOND,
        sponsor="victor.georgescu", rooms=("B0.05", "B2.14"), takes=("it", "hr"), count=14, roll=DemoRoll(9, capacity=18),
        objectives="Everybody knows what to do with a suspicious mail.",
    ),
    DemoEvent(
        "Autumn town hall", "town-hall", EventState.DEBRIEF, "exec", -6, rooms=("B0.00",), takes=("exec", "hr"), count=180, roll=DemoRoll(170),
        objectives="Explain the new structure of Engineering.",
    ),
    DemoEvent(
        "First aid course", "training", EventState.CLOSED, "safety", -27, site="CLJ", owner=SECOND, sponsor="victor.georgescu",
        rooms=("C1.10", "C1.11"), takes=("safety", "facilities"), count=12, roll=DemoRoll(6, capacity=12), objectives="Twelve certified first-aiders in Cluj-Napoca.",
    ),
    DemoEvent(
        "Design away day in Lisbon", "department-event", EventState.POSTPONED, "design", 24, site="LIS", sponsor="alina.serban",
        takes=("design",), count=18, objectives="One design language for the three products.",
        reason="The train strike; new dates once it is over.",
    ),
    DemoEvent(
        "Tejo Retail: visit to the payments team", "executive-meeting", EventState.CANCELLED, "sales", 16, site="LIS",
        sponsor="alina.serban", guests=("beatriz.falcao@tejoretail.example",), count=6,
        confidentiality=Confidentiality.RESTRICTED, reason="The customer asked for a call instead.",
    ),
)  # fmt: skip
