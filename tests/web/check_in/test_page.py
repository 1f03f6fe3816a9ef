"""The door's page, with and without JavaScript, and who sees it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from convenor.attendance.enums import AccessNeed, ScanKind, SeatState
from convenor.attendance.models import Registration, RegistrationNeeds, Roll, Scan, Seat
from convenor.events.enums import EventState, PartyRole
from convenor.events.models import Event
from convenor.people.models import Person
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import alice, bob, charlie
from tests.factories.door import OPENS
from tests.factories.events import make_event, make_function
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Person:
    return alice()


@pytest.fixture
def roll(owner: Person) -> Roll:
    return make_roll(make_event(owner), 3)


@pytest.fixture
def client(owner: Person) -> Client:
    return signed_in(owner)


def address(roll: Roll) -> str:
    return f"/events/{roll.event_id}/check-in/"


def post(client: Client, roll: Roll, *scans: dict[str, Any], sent_at: str = "", status: int = 200) -> Any:
    body = {"device": "K7", "sent_at": sent_at or OPENS.isoformat(), "scans": list(scans)}
    answer = client.post(f"/rolls/{roll.pk}/check-in/send", json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def item(**fields: Any) -> dict[str, Any]:
    return {"uid": str(uuid4()), "at": OPENS.isoformat(), "kind": "in"} | fields


def test_somebody_is_searched_and_checked_in_by_buttons_alone(client: Client, roll: Roll) -> None:
    row = make_registration(
        roll.event, "Ștefan Țurcanu", organisation="Partner", search="stefan turcanu partner"
    )
    seat = make_seat(roll, registration=row)
    text = page(client, f"{address(roll)}?q=turcanu")
    assert "Ștefan Țurcanu" in text
    assert 'name="kind" value="in"' in text
    data = {"uid": uuid4(), "registration": row.pk, "kind": "in"}
    assert "Ștefan Țurcanu: Checked in." in sent(client, f"/rolls/{roll.pk}/check-in/scan/", data)
    sent(client, f"/rolls/{roll.pk}/check-in/scan/", data)  # a second click, or the back button
    seat.refresh_from_db()
    assert (seat.state, Scan.objects.count()) == (SeatState.CHECKED_IN, 1)
    assert 'name="kind" value="out"' in page(client, f"{address(roll)}?q=turcanu")


def test_a_code_is_typed_as_it_is_read(client: Client, roll: Roll) -> None:
    seat = make_seat(roll)
    code = seat.registration.code
    data = {"uid": uuid4(), "code": f" {code[:4].lower()}-{code[4:]} "}
    assert "Checked in" in sent(client, f"/rolls/{roll.pk}/check-in/scan/", data)
    assert seat.registration.name in page(client, f"{address(roll)}?q={code}")


def test_the_waitlist_is_let_in_by_a_button_while_there_is_room(client: Client, roll: Roll) -> None:
    seat = make_seat(roll, state=SeatState.WAITLISTED)
    data = {"uid": uuid4(), "code": seat.registration.code}
    assert "On the waitlist. Seats free: 3." in sent(client, f"/rolls/{roll.pk}/check-in/scan/", data)
    assert 'name="lets_in"' in page(client, f"{address(roll)}?q={seat.registration.code}")
    data |= {"uid": uuid4(), "lets_in": "on"}
    assert "Checked in" in sent(client, f"/rolls/{roll.pk}/check-in/scan/", data)


def test_a_walk_in_by_the_form(client: Client, roll: Roll) -> None:
    form = {"uid": uuid4(), "name": "Maria Pop", "organisation": "Partner", "email": ""}
    assert "Maria Pop: Checked in." in sent(client, f"/rolls/{roll.pk}/check-in/walk-in/", form)
    sent(client, f"/rolls/{roll.pk}/check-in/walk-in/", form)
    assert Registration.objects.count() == 1
    assert "This field is required" in sent(
        client, f"/rolls/{roll.pk}/check-in/walk-in/", form | {"name": ""}
    )


@pytest.mark.parametrize("data", [{}, {"uid": "x"}, {"registration": "9" * 30}, {"kind": "sideways"}])
def test_bad_forms_are_answered_and_change_nothing(client: Client, roll: Roll, data: dict[str, str]) -> None:
    form = {"uid": str(uuid4())} | data if data else {}
    sent(client, f"/rolls/{roll.pk}/check-in/scan/", form)
    assert Scan.objects.count() == 0


def test_what_devices_send_is_answered_and_counted_once(client: Client, roll: Roll) -> None:
    seat, waiting = make_seat(roll), make_seat(roll, state=SeatState.WAITLISTED)
    batch = [
        item(code=seat.registration.code),
        item(id=waiting.registration_id),
        item(kind="walk_in", name="Maria Pop"),
        item(kind="walk_in", name=""),
    ]
    answers = {each["uid"]: each for each in post(client, roll, *batch)["results"]}
    assert [answers[each["uid"]]["outcome"] for each in batch] == ["in", "refused", "in", "problem"]
    assert answers[batch[1]["uid"]]["may_let_in"] is True
    assert answers[batch[3]["uid"]]["sentence"]
    again = {each["uid"]: each["outcome"] for each in post(client, roll, *batch)["results"]}
    assert again == {uid: each["outcome"] for uid, each in answers.items()}
    assert (Scan.objects.filter(counts=True).count(), Registration.objects.count()) == (2, 3)
    assert Scan.objects.get(uid=UUID(batch[0]["uid"])).device == "K7"


def test_a_device_whose_clock_is_off_is_put_right(client: Client, roll: Roll) -> None:
    seat = make_seat(roll)
    ahead = OPENS + timedelta(days=900)
    post(
        client,
        roll,
        item(code=seat.registration.code, at=ahead.isoformat()),
        sent_at=(ahead + timedelta(minutes=5)).isoformat(),
    )
    scan = Scan.objects.get()
    assert abs(scan.received_at - scan.at - timedelta(minutes=5)) < timedelta(seconds=3)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"scans": 1, "sent_at": "2026-12-07T07:00:00Z"}',
        b'{"scans": [1], "sent_at": "2026-12-07T07:00:00Z"}',
        b'{"scans": [{"uid": "x", "at": "2026-12-07T07:00:00Z"}], "sent_at": "2026-12-07T07:00:00Z"}',
        b'{"scans": [{"uid": "6f9619ff-8b86-d011-b42d-00c04fc964ff", "at": "2026-12-07"}], "sent_at": "2026-12-07T07:00:00Z"}',
        b'{"scans": [{"uid": "6f9619ff-8b86-d011-b42d-00c04fc964ff", "at": "2026-12-07T07:00:00Z", "kind": "undo"}], "sent_at": "2026-12-07T07:00:00Z"}',
        b'{"scans": [{"uid": "6f9619ff-8b86-d011-b42d-00c04fc964ff", "at": "2026-12-07T07:00:00Z", "id": -1}], "sent_at": "2026-12-07T07:00:00Z"}',
        b'{"scans": [{"uid": "6f9619ff-8b86-d011-b42d-00c04fc964ff", "at": "2026-12-07T07:00:00Z", "code": "a\\u0000"}], "sent_at": "2026-12-07T07:00:00Z"}',
    ],
)  # fmt: skip
def test_what_no_device_of_ours_sends_is_refused(client: Client, roll: Roll, body: bytes) -> None:
    answer = client.post(f"/rolls/{roll.pk}/check-in/send", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["sentence"]


def test_an_event_that_is_cancelled_says_so_to_devices(client: Client, roll: Roll) -> None:
    Event.objects.update(state=EventState.CANCELLED)
    assert "take place" in post(client, roll, item(code="A"), status=409)["sentence"]
    sentence = "take place"
    assert sentence in sent(client, f"/rolls/{roll.pk}/check-in/scan/", {"uid": uuid4(), "code": "A"})


def test_devices_keep_names_codes_and_states_and_nothing_else(client: Client, roll: Roll) -> None:
    seat = make_seat(roll)
    RegistrationNeeds.objects.create(
        registration=seat.registration, dietary="peanuts", access=[AccessNeed.WHEELCHAIR]
    )
    row = seat.registration
    assert client.get(f"/rolls/{roll.pk}/check-in/people").json()["people"] == [
        [row.pk, row.code, row.name, "", "confirmed", None, None]
    ]
    text = client.get(f"/rolls/{roll.pk}/check-in/people").content.decode() + page(
        client, f"{address(roll)}?q=guest"
    )
    assert row.email not in text
    assert row.token not in text
    assert "peanuts" not in text


def test_a_functions_door_knows_who_is_registered_for_the_event(client: Client, roll: Roll) -> None:
    part = make_roll(roll.event, 3, function=make_function(roll.event))
    seat = make_seat(roll)
    rows = client.get(f"/rolls/{part.pk}/check-in/people").json()["people"]
    assert [(row[0], row[4]) for row in rows] == [(seat.registration_id, None)]


def test_news_are_what_others_have_done_since(client: Client, roll: Roll) -> None:
    first, second = make_seat(roll), make_seat(roll)
    post(client, roll, item(code=first.registration.code))
    news = client.get(f"/rolls/{roll.pk}/check-in/news?after=0").json()
    assert [row[0] for row in news["people"]] == [first.registration_id]
    assert news["counts"] == {"came": 1, "expected": 2, "inside": 1, "free": 1}
    assert [(each["name"], each["kind"], each["device"]) for each in news["last"]] == [
        (first.registration.name, ScanKind.IN, "K7")
    ]
    post(client, roll, item(code=second.registration.code))
    later = client.get(f"/rolls/{roll.pk}/check-in/news?after={news['cursor']}").json()
    assert [row[0] for row in later["people"]] == [second.registration_id]
    assert client.get(f"/rolls/{roll.pk}/check-in/news?after={later['cursor']}").json()["people"] == []


def test_the_door_that_is_on_now_is_open(owner: Person, client: Client) -> None:
    event = make_event(owner)
    whole = make_roll(event)
    part = make_roll(event, function=make_function(event, meeting={"title": "Opening"}))
    assert f'<option value="{whole.pk}" selected' in page(client, address(whole))
    chosen = page(client, f"{address(whole)}?roll={part.pk}")
    assert f'<option value="{part.pk}" selected' in chosen
    assert f"/rolls/{part.pk}/check-in/walk-in/" in chosen


def test_an_event_without_a_roll_says_so(owner: Person, client: Client) -> None:
    assert "no roll yet" in page(client, f"/events/{make_event(owner).pk}/check-in/")


def test_who_may(roll: Roll) -> None:
    helper, stranger = signed_in(bob()), signed_in(charlie())
    make_seat(roll, registration=make_registration(roll.event, "Secret Guest"))
    paths = [address(roll), f"/rolls/{roll.pk}/check-in/people", f"/rolls/{roll.pk}/check-in/news"]
    for path in paths:
        assert "Secret" not in page(helper, path, 403)
        assert "Secret" not in page(stranger, path, 404)
    for name in ("scan/", "walk-in/", "send"):
        body = (
            item(kind="walk_in", name="X") if name == "send" else {"uid": uuid4(), "name": "X", "code": "A"}
        )
        data = (
            json.dumps({"device": "", "sent_at": OPENS.isoformat(), "scans": [body]})
            if name == "send"
            else body
        )
        kind: dict[str, Any] = {"content_type": "application/json"} if name == "send" else {}
        where = f"/rolls/{roll.pk}/check-in/{name}"
        assert helper.post(where, data, **kind).status_code == 403
        assert stranger.post(where, data, **kind).status_code == 404
    assert Registration.objects.count() == 1
    roll.event.parties.create(person=Person.objects.get(name="Bob"), role=PartyRole.STAFF)
    assert "Secret" in page(helper, paths[1])


def test_many_on_the_list_take_as_many_queries_as_one(client: Client, roll: Roll) -> None:
    roll.limit = roll.capacity = None
    roll.save()
    make_seat(roll)
    one = [
        queries_of(client, path) for path in (f"{address(roll)}?q=guest", f"/rolls/{roll.pk}/check-in/people")
    ]
    for _ in range(2):
        make_seat(roll)
    assert one == [
        queries_of(client, path) for path in (f"{address(roll)}?q=guest", f"/rolls/{roll.pk}/check-in/people")
    ]


def test_signing_out_has_the_device_forget(client: Client) -> None:
    assert client.post("/account/logout/").headers["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in client.get("/account/login/").headers


def test_the_worker_reaches_no_further_than_events() -> None:
    answer = Client().get("/check-in/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/events/"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "script" not in answer.headers["Content-Security-Policy"].replace("script-src 'self'", "")


def test_nothing_is_said_of_who_is_at_another_event(client: Client, roll: Roll, owner: Person) -> None:
    other = make_seat(make_roll(make_event(owner)))
    (answer,) = post(client, roll, item(code=other.registration.code))["results"]
    assert (answer["outcome"], answer["name"], answer["id"]) == ("elsewhere", "", None)
    assert Seat.objects.get(pk=other.pk).state == SeatState.CONFIRMED
