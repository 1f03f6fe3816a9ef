"""The programme on screen, functions' pages and forms, the run of show, the public programme."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from convenor.base import clock
from convenor.events.drafts import CueDraft, SpeakerDraft
from convenor.events.enums import FunctionKind, SpeakerState
from convenor.events.models import Cue, Document, DocumentVersion, Event, Function
from convenor.events.queries.functions import function_drafts_of, functions_for
from convenor.events.queries.run_of_show import run_of_show_for
from convenor.events.sentences.programme_paper import programme_data, run_of_show_data
from convenor.scheduling.models import Occurrence
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import make_event
from tests.factories.functions import function_draft, make_functions
from tests.factories.pdf import is_tagged, pages_of
from tests.factories.people import MemberFactory
from tests.factories.scheduling import NOW, local, make_meeting, utc
from tests.factories.venues import RoomFactory
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db


def fields(**given: Any) -> dict[str, Any]:
    """What the form of a function sends."""
    values = {
        "title": "Opening",
        "kind": "session",
        "local_start": "2026-12-07T10:00",
        "duration_minutes": "60",
        "sheet_due": "on",
    }
    return values | given


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_function_is_made_changed_and_removed_on_screen() -> None:
    owner, speaker, room = alice(), bob(), RoomFactory.create(name="Atlas")
    event, client = make_event(owner), signed_in(owner)
    shown = page(client, f"/events/{event.pk}/programme/")
    assert "Nothing in the programme yet" in shown
    said = sent(
        client,
        f"/events/{event.pk}/functions/new/",
        fields(speakers=speaker.email, topics="What comes", room_id=str(room.pk), host_id=owner.email),
    )
    assert "“Opening” is in the programme." in said
    row = Function.objects.get()
    assert row.key == "opening"
    for part in ("Bob", "What comes", "Atlas", "Europe/Bucharest", "10:00–11:00"):
        assert part in said
    edit = f"/events/functions/{row.pk}/edit/"
    assert 'value="bob@example.org"' in page(client, edit)
    (before,) = function_drafts_of(event)
    same = fields(
        speakers=speaker.email, topics="What comes", room_id=str(room.pk), host_id=owner.email, key="opening"
    )
    sent(client, edit, same)
    assert function_drafts_of(event) == [before]
    sent(client, edit, same | {"title": "Welcome", "optional": owner.email})
    (after,) = function_drafts_of(event)
    assert (after.title, len(after.attendees)) == ("Welcome", 1)
    assert "1 person is told" not in page(client, f"/events/functions/{row.pk}/")
    assert "2 people are told" in page(client, f"/events/functions/{row.pk}/remove/")
    said = sent(client, f"/events/functions/{row.pk}/remove/", {})
    assert "“Welcome” is out of the programme" in said
    page(client, f"/events/functions/{row.pk}/", 404)


def test_what_is_wrong_stands_at_its_field() -> None:
    owner, room = alice(), RoomFactory.create(code="A1", name="Atlas", capacity=12)
    event, client = make_event(owner), signed_in(owner)
    make_meeting(owner, room=room, title="Sprint review")
    address = f"/events/{event.pk}/functions/new/"
    shown = sent(client, address, fields(headcount="13", room_id=str(room.pk)), 422)
    assert "A1 Atlas seats 12, but 13 people are expected." in shown
    assert "Sprint review" in sent(client, address, fields(room_id=str(room.pk)), 422)
    assert "outside the event" in sent(client, address, fields(local_start="2026-12-10T10:00"), 422)
    assert not Function.objects.exists()


def test_a_conflict_shows_while_one_edits() -> None:
    owner, speaker, room = alice(), bob(), RoomFactory.create(code="A1", name="Atlas")
    event, client = make_event(owner), signed_in(owner)
    make_functions(
        event, [function_draft("keynote", speakers=(SpeakerDraft(speaker.pk),), room_ids=(room.pk,))]
    )
    asked = fields(speakers=speaker.email, room_id=str(room.pk), host_id=owner.email, check="1")
    headers = {"HX-Request": "true", "HX-Target": "div#function-live"}
    response = client.post(f"/events/{event.pk}/functions/new/", asked, headers=headers)
    fragment = flat(response.content.decode())
    assert "<html" not in fragment
    beneath = fragment.split('id="live-speakers"')[1].split("</div>")[0]
    assert "Bob has “Keynote”, 10:00–11:00." in beneath
    assert "“Keynote”" in fragment.split('id="live-room_ids"')[1].split("</div>")[0]
    assert "<span>" not in fragment.split('id="live-host_id"')[1].split("</div>")[0]
    whole = client.post(f"/events/{event.pk}/functions/new/", asked)  # without JavaScript: the button “Check”
    assert "Bob has “Keynote”, 10:00–11:00." in whole.content.decode()
    assert Function.objects.count() == 1
    own = client.post(
        f"/events/functions/{Function.objects.get().pk}/edit/", asked | {"key": "keynote"}, headers=headers
    )
    assert "Nothing speaks against this." in own.content.decode()  # it isn't in its own way


def test_the_programme_shows_days_tracks_rooms_and_conflicts() -> None:
    owner, speaker = alice(), bob()
    event, client = make_event(owner), signed_in(owner)
    rooms = [RoomFactory.create(name=name) for name in ("Atlas", "Borealis")]
    make_functions(
        event,
        [
            function_draft("plenary"),
            function_draft(
                "one", track="Cloud", speakers=(SpeakerDraft(speaker.pk),), room_ids=(rooms[0].pk,)
            ),
            function_draft(
                "two", track="Data", speakers=(SpeakerDraft(speaker.pk),), room_ids=(rooms[1].pk,)
            ),
            function_draft("next-day", local_start=local("2026-12-08 10:00")),
        ],
    )
    address = f"/events/{event.pk}/programme/"
    shown = page(client, address)
    assert "In 2 functions somebody is in two places at once." in shown
    assert "Bob has “Two”" in shown
    assert 'data-column="Cloud"' in shown
    assert "Next day" not in shown
    assert "Next day" in page(client, f"{address}?day=2026-12-08&by=list")
    assert f'data-column="{rooms[1].pk}"' in page(client, f"{address}?by=room")
    assert "Plenary" in page(client, f"{address}?day=nonsense&by=nonsense")
    assert "programme-config" in shown
    reader = page(signed_in(speaker), address)
    assert "programme-config" not in reader
    assert "data-function" not in reader


def drag(client: Client, row: Function, status: int, **body: Any) -> dict[str, Any]:
    response = client.post(
        f"/events/functions/{row.pk}/move", json.dumps(body), content_type="application/json"
    )
    assert response.status_code == status, response.content
    answer = response.json()
    assert isinstance(answer, dict)
    return answer


def test_a_function_is_dragged_and_put_back() -> None:
    owner, room = alice(), RoomFactory.create()
    event, client = make_event(owner), signed_in(owner)
    row, _other = make_functions(
        event,
        [
            function_draft("one", track="A", room_ids=(room.pk,)),
            function_draft("two", room_ids=(room.pk,), local_start=local("2026-12-07 14:00")),
        ],
    )
    (before, _two) = function_drafts_of(event)
    fit = f"/events/functions/{row.pk}/fit"
    assert client.get(f"{fit}?start=2026-12-07T12:00&minutes=60").json()["fits"] is True
    taken = client.get(f"{fit}?start=2026-12-07T14:30&minutes=60").json()
    assert (taken["fits"], "“Two”" in taken["sentence"]) == (False, True)
    outside = client.get(f"{fit}?start=2026-12-09T10:00&minutes=60").json()
    assert outside["sentence"].startswith("This lies outside the event's dates")
    assert client.get(f"{fit}?start=never&minutes=60").status_code == 400
    version = row.occurrence.meeting.version
    place = {"start": "2026-12-07T12:00", "minutes": 60, "track": "B", "version": version}
    assert "outside" in drag(client, row, 409, **place | {"start": "2026-12-09T10:00"})["sentence"]
    moved = drag(client, row, 200, **place)
    assert moved["sentence"] == "“One” is moved."
    assert (Function.objects.get(pk=row.pk).track, Occurrence.objects.get(function=row).starts_at) == (
        "B",
        utc("2026-12-07 10:00"),
    )
    assert "Somebody else" in drag(client, row, 409, **place | {"start": "2026-12-07T15:00"})["sentence"]
    drag(client, row, 200, **moved["back"])
    assert function_drafts_of(event)[0] == before
    drag(client, row, 400, **place | {"version": "x"})
    drag(client, row, 409, start="2026-12-07T12:00+02:00", minutes=60)
    colleague = signed_in(bob())
    drag(colleague, row, 403, **moved["back"])
    assert colleague.get(f"{fit}?start=2026-12-07T12:00&minutes=60").json()["fits"] is False


def test_the_outsider_finds_none_of_it() -> None:
    owner, outsider = alice(), charlie()
    event = make_event(owner)
    (row,) = make_functions(event, [function_draft(cues=(CueDraft(0, "Secret cue"),))])
    cue = Cue.objects.get().pk
    addresses = [
        *(
            f"/events/{event.pk}/{name}"
            for name in ("programme/", "programme/pdf", "functions/new/", "show/")
        ),
        *(f"/events/{event.pk}/show/{name}" for name in ("pdf", "new/")),
        *(f"/events/functions/{row.pk}/{name}" for name in ("", "edit/", "remove/")),
        f"/events/functions/{row.pk}/fit?start=2026-12-07T12:00&minutes=60",
        f"/events/show/{cue}/",
    ]
    client = signed_in(outsider)
    for address in addresses:
        page(client, address, 404)
        assert Client().get(address).status_code == 302  # to the sign-in
        assert signed_in(owner).get(address).status_code == 200
    for address in (f"/events/{event.pk}/programme/publish/", f"/events/show/{cue}/remove/"):
        assert client.post(address).status_code == 404
    assert Cue.objects.exists()


def test_a_colleague_reads_and_changes_nothing() -> None:
    event = make_event(alice())
    (row,) = make_functions(event, [function_draft(cues=(CueDraft(0, "Lights"),))])
    client = signed_in(bob())
    shown = page(client, f"/events/functions/{row.pk}/")
    assert "edit/" not in shown
    for address in (f"/events/{event.pk}/functions/new/", f"/events/functions/{row.pk}/edit/"):
        page(client, address, 403)
    assert client.post(f"/events/functions/{row.pk}/remove/").status_code == 403
    assert client.post(f"/events/{event.pk}/programme/publish/").status_code == 403
    assert client.post(f"/events/show/{Cue.objects.get().pk}/remove/").status_code == 403


def test_a_speaker_answers() -> None:
    speaker, event = bob(), make_event(alice())
    (row,) = make_functions(event, [function_draft(speakers=(SpeakerDraft(speaker.pk),))])
    answer = f"/events/functions/{row.pk}/speakers/{row.speakers.get().pk}/"
    said = sent(signed_in(speaker), answer, {"state": "confirmed"})
    assert "The answer is on record." in said
    assert row.speakers.get().state == SpeakerState.CONFIRMED
    assert signed_in(MemberFactory.create()).post(answer, {"state": "declined"}).status_code == 403


def test_the_run_of_show_is_edited_and_says_what_is_on_now(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = alice()
    event, client = make_event(owner), signed_in(owner)
    (row,) = make_functions(
        event, [function_draft("plenary", cues=(CueDraft(0, "Welcome", 10), CueDraft(20, "Film", 5)))]
    )
    address = f"/events/{event.pk}/show/"
    said = sent(
        client,
        f"{address}new/?day=2026-12-07",
        {
            "function_id": row.pk,
            "at": "2026-12-07T10:10",
            "minutes": "10",
            "what": "Speech",
            "cue": "Spot on",
        },
    )
    order = [said.index(what) for what in ("Welcome", "Speech", "Film")]
    assert order == sorted(order)
    speech = Cue.objects.get(what="Speech")
    assert speech.offset_minutes == 10
    change = f"/events/show/{speech.pk}/?day=2026-12-07"
    assert 'value="2026-12-07T10:10"' in page(client, change)
    early = {"function_id": row.pk, "at": "2026-12-07T09:50", "minutes": "5", "what": "Doors"}
    said = sent(client, change, early)
    assert said.index("Doors") < said.index("Welcome")
    refused = sent(client, change, early | {"at": "2026-12-20T10:00"}, 422)
    assert "at most a day before or after" in refused
    monkeypatch.setattr(clock, "now", lambda: utc("2026-12-07 08:05"))
    live = flat(page(client, address, target="show-lines"))
    assert "<html" not in live
    assert live.count('aria-current="time"') == 1
    assert "Welcome" in live.split('aria-current="time"')[1].split("</li>")[0]
    assert "<strong>10:20 Film</strong>" in live
    sent(client, f"/events/show/{speech.pk}/remove/", {})
    assert not Cue.objects.filter(pk=speech.pk).exists()


def test_the_papers_say_what_the_screens_say() -> None:
    owner, room = alice(), RoomFactory.create(name="Atlas")
    event, client = make_event(owner, title="#set page(fill: red)"), signed_in(owner)
    make_functions(
        event,
        [
            function_draft("plenary", room_ids=(room.pk,), cues=(CueDraft(-5, "Doors", cue="Gong"),)),
            function_draft("next-day", local_start=local("2026-12-08 10:00")),
        ],
    )
    for name in ("programme/pdf", "show/pdf?day=2026-12-07"):
        answer = client.get(f"/events/{event.pk}/{name}")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert pages_of(answer.content) == 1
        assert is_tagged(answer.content)
    actor = actor_of(owner)
    programme = json.dumps(programme_data(event, functions_for(actor, event.pk), now=NOW), ensure_ascii=False)
    for part in ("#set page(fill: red)", "Plenary", "Atlas", "Next day", "10:00–11:00", "Europe/Bucharest"):
        assert part in programme
    day = run_of_show_for(actor, event.pk, day=date(2026, 12, 7), now=NOW)
    show = json.dumps(run_of_show_data(day, now=NOW), ensure_ascii=False)
    for part in ("09:55", "Doors", "Gong", "Plenary"):
        assert part in show
    assert "Next day" not in show


def test_a_page_takes_as_many_queries_for_three_functions_as_for_one() -> None:
    owner = alice()
    client, counts = signed_in(owner), []
    for count in (1, 3):
        event = make_event(owner, key=f"of-{count}")
        drafts = [
            function_draft(
                f"f-{number}",
                speakers=(SpeakerDraft(MemberFactory.create().pk),),
                room_ids=(RoomFactory.create().pk,),
                cues=(CueDraft(0, "Go", owner_id=owner.pk),),
                is_public=True,
            )
            for number in range(count)
        ]
        make_functions(event, drafts)
        Event.objects.filter(pk=event.pk).update(public_token=f"token-{count}", confidentiality=1)
        addresses = (f"/events/{event.pk}/programme/", f"/events/{event.pk}/show/", f"/p/token-{count}/")
        counts.append([queries_of(client, address) for address in addresses])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20


def test_a_functions_documents_stand_on_its_page() -> None:
    owner = alice()
    event, client = make_event(owner), signed_in(owner)
    row, other = make_functions(event, [function_draft("one"), function_draft("two")])
    for function, title in ((row, "Floor plan"), (other, "Menu"), (None, "Contract")):
        Document.objects.create(event=event, function=function, title=title)
    DocumentVersion.objects.bulk_create(
        DocumentVersion(
            document=each, number=1, file_name="a.pdf", size=1, uploaded_at=NOW, uploader_name="Alice"
        )
        for each in Document.objects.all()
    )
    shown = page(client, f"/events/functions/{row.pk}/")
    assert "Floor plan" in shown
    assert "Menu" not in shown
    assert "Contract" not in shown


def test_dragging_from_one_of_two_rooms_changes_that_one() -> None:
    owner = alice()
    main, further, other = (RoomFactory.create() for _number in range(3))
    event, client = make_event(owner), signed_in(owner)
    (row,) = make_functions(event, [function_draft(room_ids=(main.pk, further.pk))])
    place = {"start": "2026-12-07T10:00", "minutes": 60, "version": row.occurrence.meeting.version}
    moved = drag(client, row, 200, **place, room=str(other.pk), from_room=str(further.pk))
    assert function_drafts_of(event)[0].room_ids == (main.pk, other.pk)
    moved = drag(client, row, 200, **moved["back"])
    assert function_drafts_of(event)[0].room_ids == (main.pk, further.pk)
    place["version"] = moved["back"]["version"]
    moved = drag(client, row, 200, **place, room="", from_room=str(main.pk))
    assert function_drafts_of(event)[0].room_ids == (further.pk,)


@pytest.mark.parametrize(
    ("now", "days", "opens"),
    [
        (NOW, ["2026-12-01", "2026-12-07"], "2026-12-07"),  # a briefing a week before
        (NOW, ["2026-12-01"], "2026-12-01"),  # nothing else yet
        (utc("2026-12-08 05:00"), ["2026-12-07"], "2026-12-08"),  # while it runs: today, though it is empty
    ],
)
def test_the_programme_opens_on_the_day_that_matters(
    monkeypatch: pytest.MonkeyPatch, now: datetime, days: list[str], opens: str
) -> None:
    owner = alice()
    event = make_event(owner)
    monkeypatch.setattr(clock, "now", lambda: now)
    drafts = [
        function_draft(
            f"f{n}",
            kind=FunctionKind.PRE_EVENT if day < "2026-12-07" else FunctionKind.SESSION,
            local_start=local(f"{day} 10:00"),
        )
        for n, day in enumerate(days)
    ]
    make_functions(event, drafts)
    shown = flat(page(signed_in(owner), f"/events/{event.pk}/programme/"))
    assert f'<a href="?day={opens}&amp;by=track" aria-current="true">' in shown
