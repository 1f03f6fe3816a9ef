"""A workshop between departments, from enquiry through go/no-go to closed, as those who run it do it; in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from playwright.sync_api import Browser, Locator, Page, expect

from convenor.events.enums import EventState
from tests.e2e.behind import behind, let_weeks_pass, sheet_links
from tests.e2e.conftest import Server, SignIn

DELEGATE = "elena.dobre@danubia.example"
SPONSOR, CATERER = "Radu Constantinescu", "Florin Oprea"
PEOPLE = ("Andrei Oprea", "Bianca Tănase", "Cristina Tănase", "Elena Barbu")
DEPARTMENTS = ("Payments", "Design")
CLASS = {"en": "Cross-department workshop", "ro": "Atelier între departamente"}
ROOM, REASON = "Training room", "The canteen and the lobby are ours on both days."
# The demo's calendar is full for thirteen weeks; each language has weeks of its own, for they share a server
WEEKS_AHEAD, WEEKS_PASSED = {"en": 16, "ro": 20}, 52
# Fixed public holidays of Romania: on one of them people don't work, and nothing fits
HOLIDAYS = {
    *((1, 1), (1, 2), (1, 6), (1, 7), (1, 24), (5, 1), (6, 1), (8, 15)),
    *((11, 30), (12, 1), (12, 25), (12, 26)),
}

pytestmark = pytest.mark.e2e


def a_tuesday(weeks_ahead: int) -> date:
    """One that is followed by a Wednesday on which people work too."""
    today = date.today()
    day = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks_ahead, days=1)
    while any((each.month, each.day) in HOLIDAYS for each in (day, day + timedelta(days=1))):
        day += timedelta(weeks=1)
    return day


@dataclass(slots=True)
class Dossier:
    """An event on somebody's screen. Texts are asked for in the language of that screen."""

    page: Page
    language: str
    href: str = ""

    def open(self, part: str = "") -> None:
        self.page.goto(f"{self.href}{part}")

    def shows(self, state: EventState) -> None:
        self.open()
        with translation.override(self.language):
            expect(self.page.locator(".event-head .badge").first).to_have_text(str(state.label))

    def lacks(self, *parts: str) -> None:
        """Each missing thing with the way to where it is mended, "" where only time helps; nothing else is missing."""
        self.open()
        missing = self.page.locator("#next-step .missing > li")
        expect(missing).to_have_count(len(parts))
        for part in filter(None, parts):
            expect(missing.locator(f"a[href^='{self.href}{part}']").first).to_be_visible()
        expect(self.page.locator("#next-step .button-primary")).to_have_count(0)

    def take_on(self, to: EventState) -> None:
        self.open()
        self.page.locator(f"#next-step form:has(input[name=to][value={to.value}]) button").click()
        expect(self.page.locator("#toasts .toast.success")).to_be_visible()
        self.shows(to)


def pick(page: Page, field: str, *names: str) -> None:
    """Choose in a combobox by typing names."""
    box = page.locator(f"#{field}")
    for name in names:
        box.fill(name)
        page.locator(".listbox [role=option]", has_text=name).first.click()
    box.blur()  # closes the list


def saved(page: Page) -> None:
    expect(page.locator("#toasts .toast.success")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ro"])
def test_a_workshop_from_enquiry_to_closed(
    sign_in: SignIn, browser: Browser, server: Server, language: str
) -> None:
    page = sign_in(server, language=language)
    event = Dossier(page, language)
    first = a_tuesday(WEEKS_AHEAD[language])

    enter(event)
    event.lacks("edit/")  # no dates yet
    give_dates(event, first)
    event.take_on(EventState.PLANNING)
    event.lacks("edit/", "readiness/")  # its class asks for a sponsor and a certificate

    name_people(event)
    event.lacks("readiness/")
    give_room(event, first)
    drag_on_the_programme(event, first + timedelta(days=1))
    issue_sheets(event, browser, server)
    waive(event, "rooms_confirmed")  # only the opening has one
    event.lacks("readiness/")

    certificate = draw_up(event)
    sign(page, certificate)
    event.lacks("readiness/")  # the sponsor hasn't signed
    sign_as_delegate(sign_in(server, DELEGATE, language=language), certificate)
    event.take_on(EventState.CONFIRMED)
    event.lacks("")  # its load-in day hasn't come

    behind(server, let_weeks_pass, re.findall(r"\d+", event.href)[0], str(WEEKS_PASSED))
    event.take_on(EventState.IN_PROGRESS)
    event.take_on(EventState.DEBRIEF)
    close(event)


def enter(event: Dossier) -> None:
    """An enquiry: a title, a class and who takes part, but no dates and no sponsor yet."""
    page = event.page
    page.goto("/events/")
    page.locator("a.button[href='/events/new/']").click()
    page.fill("#id_title", "One checkout")
    page.select_option("#id_class_version_id", label=CLASS[event.language])
    pick(page, "id_department_ids", *DEPARTMENTS)
    page.fill("#id_expected_count", "6")
    save(page)
    page.wait_for_url(re.compile(r"/events/\d+/$"))
    event.href = urlsplit(page.url).path
    event.shows(EventState.ENQUIRY)


def give_dates(event: Dossier, first: date) -> None:
    """With them the class lays out the programme and the tasks."""
    event.open("edit/")
    event.page.fill("#id_load_in", f"{first}T07:30")
    event.page.fill("#id_starts", f"{first}T09:00")
    event.page.fill("#id_ends", f"{first + timedelta(days=1)}T17:00")
    event.page.fill("#id_load_out", f"{first + timedelta(days=1)}T19:00")
    save(event.page)
    saved(event.page)
    event.open("tasks/")
    expect(event.page.locator(".task-tick")).not_to_have_count(0)
    event.open(f"programme/?day={first}")
    expect(event.page.locator("[data-function]")).to_have_count(8)


def name_people(event: Dossier) -> None:
    """Who answers for it, who takes part, who works for it."""
    page = event.page
    event.open("edit/")
    pick(page, "id_sponsor_id", SPONSOR)
    save(page)
    saved(page)
    event.open("people/")
    for role, names in (("chair", PEOPLE[:1]), ("participant", PEOPLE[1:])):
        page.locator("details.add-people > summary").click()
        form = page.locator("details.add-people form")
        pick(page, "id_people", *names)
        form.locator("select[name=role]").select_option(role)
        form.locator(".button-primary").click()
        expect(page.locator(".people-table", has_text=names[-1])).to_be_visible()
    expect(page.locator(".people-table tbody tr")).to_have_count(len(PEOPLE))
    event.open("contacts/")
    pick(page, "id_catering", CATERER)
    save(page)
    expect(page.locator("#contacts")).to_contain_text(CATERER)


def give_room(event: Dossier, first: date) -> None:
    """The opening, on its own form."""
    page = event.page
    event.open(f"programme/?day={first}")
    item(page, first, "09:00").click()
    page.locator("a[href$='/edit/']").first.click()
    page.wait_for_url(re.compile(r"/edit/$"))  # and its scripts are there
    room = page.locator("#id_room_id option", has_text=ROOM)
    page.select_option("#id_room_id", value=room.first.get_attribute("value"))
    expect(page.locator("#function-live p")).not_to_be_empty()  # what speaks against it, or that nothing does
    save(page)
    saved(page)
    event.open(f"programme/?day={first}")
    expect(item(page, first, "09:00")).to_contain_text(ROOM)


def item(page: Page, day: date, time: str) -> Locator:
    return page.locator(f"[data-function][data-start='{day}T{time}']")


def drag_on_the_programme(event: Dossier, day: date) -> None:
    """The closing plenary, which everybody is asked to: not while everybody is at lunch, but half an hour later."""
    page = event.page
    event.open(f"programme/?day={day}&by=track")
    taken, lunch = item(page, day, "13:30"), item(page, day, "12:15")
    taken.scroll_into_view_if_needed()
    held, other = taken.bounding_box(), lunch.bounding_box()
    assert held is not None
    assert other is not None
    half_an_hour = (held["y"] - other["y"]) / 5 * 2  # from a quarter past twelve it is five quarters
    x, y = held["x"] + 20, held["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, other["y"] + 8, steps=4)
    expect(page.locator(".programme-ghost.is-bad")).to_be_visible()
    page.mouse.move(x, y + half_an_hour, steps=4)
    expect(page.locator(".programme-ghost.is-good")).to_be_visible()  # it says so before the drop
    page.mouse.up()
    saved(page)
    expect(item(page, day, "14:00")).to_be_visible()
    expect(taken).to_have_count(0)


def issue_sheets(event: Dossier, browser: Browser, server: Server) -> None:
    """All of them at once; the caterer reads one by the address in the mail, without an account."""
    page = event.page
    event.open("sheets/")
    page.locator(f"form[action='{event.href}sheets/issue/'] .button-primary").click()
    saved(page)
    expect(page.locator("table.sheets a[href$='/pdf/']")).not_to_have_count(0)
    secret = behind(server, sheet_links)[0]
    stranger = browser.new_context(base_url=server.url, locale=event.language)
    reader = stranger.new_page()
    reader.goto(secret)
    expect(reader.locator("h1")).to_be_visible()
    reader.locator("main form[method=post] .button-primary").click()
    expect(reader.locator(".note.tone-ok")).to_contain_text(CATERER)
    stranger.close()
    event.open("sheets/")
    expect(page.locator("ul.receipts .tone-ok", has=page.locator("time"))).to_have_count(1)


def waive(event: Dossier, code: str) -> None:
    """A whole check that blocks, with a reason that stands there then."""
    event.open("readiness/")
    check = event.page.locator(f"#check-{code}")
    expect(check.locator("header .badge.tone-danger")).to_be_visible()
    form = check.locator("details.waive:has(input[name=subject][value=''])")
    form.locator("summary").click()
    form.locator("input[name=reason]").fill(REASON)
    form.locator("button").click()
    expect(check).to_contain_text(REASON)
    expect(check.locator("header .badge.tone-info")).to_be_visible()


def draw_up(event: Dossier) -> str:
    event.open("readiness/")
    event.page.locator("form.certify .button-primary").click()
    event.page.wait_for_url(re.compile(r"/events/certificates/\d+/$"))
    return urlsplit(event.page.url).path


def sign(page: Page, certificate: str) -> None:
    """Go, in one's own name or the one that is offered."""
    page.goto(certificate)
    form = page.locator("form.sign")
    expect(form).to_have_count(1)  # nobody signs for those who didn't ask them to
    form.locator("input[name=decision][value=go]").check()
    form.locator(".button-primary").click()
    saved(page)
    expect(page.locator("form.sign")).to_have_count(0)


def sign_as_delegate(page: Page, certificate: str) -> None:
    """The sponsor's delegate finds it among what waits for the sponsor, and signs in the sponsor's name."""
    page.goto("/")
    page.locator("main a[href*='/desk/']", has_text=SPONSOR).click()
    page.locator(f"a[href='{certificate}']").click()
    page.wait_for_url(f"**{certificate}")
    sign(page, certificate)
    expect(page.locator("tr", has_text=SPONSOR)).to_contain_text("Elena Dobre")
    expect(page.locator(".certificate-head .badge.tone-ok")).to_be_visible()


def close(event: Dossier) -> None:
    """Everything that closing asks for, one after the other."""
    page = event.page
    event.lacks("tasks/", "edit/")
    event.open("tasks/")
    while page.locator("input.task-tick").count():
        for tick in page.locator("input.task-tick").all():
            tick.check()
        page.locator(f"form[action='{event.href}tasks/done/'] .form-actions button").click()
        saved(page)
    event.lacks("edit/")
    event.open("edit/")
    page.fill("#id_actual_count", "5")
    save(page)
    saved(page)
    event.take_on(EventState.CLOSED)
    expect(page.locator(f"a[href='{event.href}edit/']")).to_have_count(0)


def save(page: Page) -> None:
    page.locator("form.form .form-actions .button-primary").last.click()
