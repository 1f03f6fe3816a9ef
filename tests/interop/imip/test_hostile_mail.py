"""Mail that means harm, or none: nothing raises, nothing that isn't the writer's changes, and no loop begins."""

from __future__ import annotations

import base64
import random
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenor.base.enums import Verdict
from convenor.base.models import OutboxMessage, ReceivedMail
from convenor.interop.imip.arrival import MOST_BYTES
from convenor.interop.imip.receiving import receive
from convenor.scheduling.models import Attendee, Meeting, Participation
from tests.factories.cast import alice, bob, charlie
from tests.factories.scheduling import make_meeting
from tests.interop.imip.mailing import MAILS, SEEN, UID, answer, letter, mail, took

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    owner = alice()
    make_meeting(owner, people=[owner, bob(), charlie()], uid=UID)
    return Meeting.objects.get()


def answered() -> bool:
    return Participation.objects.exclude(partstat="needs-action").exclude(person__name="Alice").exists()


def test_a_mail_of_50_megabytes_is_refused_by_its_size(meeting: Meeting) -> None:
    huge = letter(answer()) + b"A" * 50_000_000
    tracemalloc.start()
    row = receive(huge, now=SEEN)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (row.verdict, row.reason, row.size) == ("refused", "too_large", len(huge))
    assert (row.sender, row.facts["outcomes"][0]["facts"]["limit"]) == ("bob@example.org", str(MOST_BYTES))
    assert peak < 5_000_000  # it was neither parsed nor copied
    assert receive(huge, now=SEEN) == row
    assert not answered()


def test_billions_of_laughs(meeting: Meeting) -> None:
    rules = [
        "RRULE:FREQ=SECONDLY;COUNT=2147483647",
        "RRULE:FREQ=YEARLY;BYSECOND=" + ",".join(map(str, range(60))),
    ]
    nested = "BEGIN:VALARM\r\n" * 50_000
    calendar = answer(*rules, "RDATE:" + ",".join(["20261207T080000Z"] * 20_000), "X-A:" + "&lol9;" * 10_000)
    assert took(letter(calendar)) == ("applied", "answered")  # the rules are nobody's concern
    deep = took(letter(answer(nested, stamp="20261124T094000Z")))
    assert deep == ("listed", "unreadable")
    many = answer().replace("END:VCALENDAR", "") + answer().partition("METHOD:REPLY\r\n")[2] * 5_000
    assert receive(letter(many), now=SEEN).verdict == "listed"


def zones(number: int) -> str:
    one = (
        "BEGIN:VTIMEZONE\r\nTZID:Zone {0}\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0{1}17\r\n"
        "TZOFFSETTO:+0{1}18\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    return "".join(one.format(each, each % 10) for each in range(number))


def test_hundreds_of_zones_that_nobody_knows(meeting: Meeting) -> None:
    calendar = answer("DTSTART;TZID=Zone 7:20261207T100000").replace(
        "BEGIN:VEVENT", zones(400) + "BEGIN:VEVENT"
    )
    assert took(letter(calendar)) == ("applied", "answered")


def parts(number: int, calendar: str) -> bytes:
    part = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    last = f"--b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n{calendar}\r\n--b--\r\n"
    head = "From: bob@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return (head + part * number + last).encode()


def nested(depth: int) -> bytes:
    lines = ["From: bob@example.org", "MIME-Version: 1.0"]
    for level in range(depth):
        lines += [f"Content-Type: multipart/mixed; boundary=b{level}", "", f"--b{level}"]
    return "\r\n".join([*lines, "Content-Type: text/calendar; method=REPLY", "", answer()]).encode()


def test_ten_thousand_parts(meeting: Meeting) -> None:
    assert took(parts(100, answer())) == ("applied", "answered")
    assert took(parts(10_000, answer())) == ("refused", "too_many_parts")
    assert took(parts(100_000, answer())) == ("refused", "too_many_parts")


def test_parts_inside_parts(meeting: Meeting) -> None:
    assert took(nested(5)) == ("applied", "answered")
    assert took(nested(10_000))[0] == "refused"


def test_a_calendar_in_an_attached_mail_is_not_the_writer_s_word(meeting: Meeting) -> None:
    inner = letter(answer()).decode()
    forwarded = (
        "From: bob@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
    )
    assert took(forwarded.encode()) == ("listed", "no_answer")
    assert not answered()


@pytest.mark.parametrize(
    "content",
    [
        "Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.b64encode(answer().encode()).decode()[:-7]
        + "!!",
        "Content-Transfer-Encoding: base64\r\n\r\n=====",
        "Content-Transfer-Encoding: x-unknown\r\n\r\n" + answer(),
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ=" + answer(),
        "\r\n" + answer().replace("REPLY", "RE\x00PLY"),
    ],
    ids=["base64 cut off", "no base64", "unknown encoding", "bad quoted-printable", "NUL"],
)
@pytest.mark.parametrize(
    "charset", ["utf-8", "x-nobody-knows", "punycode", "zip", '"=?', "iso-8859-2", "utf-16"]
)
def test_broken_encodings_and_unknown_charsets(meeting: Meeting, content: str, charset: str) -> None:
    head = f"From: bob@example.org\r\nSubject: =?{charset}?b?/////w==?=\r\nMIME-Version: 1.0\r\n"
    data = f"{head}Content-Type: text/calendar; method=REPLY; charset={charset}\r\n{content}".encode()
    assert receive(data, now=SEEN).verdict in Verdict.values
    assert not Participation.objects.filter(person__name="Charlie").exclude(partstat="needs-action").exists()


def test_a_charset_of_old_is_read(meeting: Meeting) -> None:
    calendar = answer("COMMENT:Ajung târziu\\, scuze – țin ora").replace("–", "-").replace("ț", "ţ")
    head = b"From: bob@example.org\r\nMIME-Version: 1.0\r\n"
    kind = b"Content-Type: text/calendar; method=REPLY; charset=iso-8859-2\r\n\r\n"
    receive(head + kind + calendar.encode("iso-8859-2"), now=SEEN)
    assert Participation.objects.get(person__name="Bob").comment == "Ajung târziu, scuze - ţin ora"


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 1000, b"\xff\xfe" * 500, b"\n" * 100_000, b"From: \xff\n: :\n\n", b"=?" * 9]
)
def test_what_is_no_mail_at_all(data: bytes) -> None:
    assert receive(data, now=SEEN).verdict in {"listed", "refused"}
    assert ReceivedMail.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        ("application/ms-tnef", "winmail.dat", "tnef"),
        ("text/calendar; method=REQUEST", "invite.ics", "not_an_answer"),
        ("application/octet-stream", "answer.ics", "answered"),
        ("application/ics; method=REPLY", "x", "answered"),
        ("text/plain", "x.txt", "no_answer"),
    ],
)
def test_kinds_of_parts(meeting: Meeting, kind: str, name: str, reason: str) -> None:
    calendar = answer(method="REQUEST") if reason == "not_an_answer" else answer()
    data = (
        "From: bob@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\nContent-Type: {kind}\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{calendar}\r\n--b--\r\n'
    )
    assert took(data.encode())[1] == reason
    assert answered() == (reason == "answered")


def test_the_method_may_stand_in_the_mail_alone(meeting: Meeting) -> None:
    assert took(letter(answer().replace("METHOD:REPLY\r\n", ""))) == ("applied", "answered")


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "X-Auto-Response-Suppress: All",
        "List-Id: <a.b.example>",
    ],
)
def test_machines_without_an_answer_are_ignored(meeting: Meeting, headers: str) -> None:
    plain = f"From: bob@example.org\r\n{headers}\r\n\r\nI am away.\r\n"
    assert took(plain.encode()) == ("ignored", "automatic")
    assert took(letter(answer(), headers=headers)) == ("applied", "answered")


def test_people_without_an_answer_are_listed(meeting: Meeting) -> None:
    assert took(b"From: bob@example.org\r\nSubject: Sprint review\r\n\r\nI can't come.\r\n") == (
        "listed",
        "no_answer",
    )
    assert took(mail("note-of-absence")) == ("ignored", "automatic")


def test_our_own_mail_that_comes_back_is_ignored(meeting: Meeting, settings: object) -> None:
    settings.MAIL_REPLIES_TO = "answers@convenor.example"  # type: ignore[attr-defined]  # pytest-django's
    ours = answer(method="REQUEST").replace("VERSION:2.0", "VERSION:2.0\r\nPRODID:-//Convenor//Convenor//EN")
    assert took(letter(ours, sender="Alice <answers@convenor.example>")) == ("ignored", "own")
    looped = letter(ours, sender="bob@example.org", headers="Auto-Submitted: auto-generated")
    assert took(looped) == ("ignored", "own")


def test_two_robots_fall_silent(meeting: Meeting) -> None:
    """Whatever another machine sends back for what we send, a hundred times: nothing goes out but one invitation."""
    OutboxMessage.objects.all().delete()
    replies: list[Callable[[int], bytes]] = [
        lambda n: letter(answer(method="REFRESH", stamp=f"20261124T0930{n % 60:02}Z"), method="REFRESH"),
        lambda n: letter(answer(method="REQUEST"), method="REQUEST", headers=f"X-N: {n}"),
        lambda n: letter(
            "I got your mail", kind="text/plain", headers=f"Auto-Submitted: auto-replied\r\nX-N: {n}"
        ),
        lambda n: b"X-N: %d\r\n" % n + mail("qmail-failure"),
    ]
    for number in range(25):
        for reply in replies:
            receive(reply(number), now=SEEN)
        OutboxMessage.objects.update(created_at=SEEN)
    assert [each.kind for each in OutboxMessage.objects.all()] == ["invitation"]


SHAPES = sorted(MAILS.glob("*.eml"))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A known mail with some of its bytes changed, cut out, doubled or swapped with another's."""
    data = bytearray(draw(st.sampled_from(SHAPES)).read_bytes())
    other = draw(st.sampled_from(SHAPES)).read_bytes()
    chance = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(draw(st.integers(1, 12))):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([1, 2, 5, 40, 400]))
        match chance.randrange(5):
            case 0:
                data[start:end] = bytes(chance.randrange(256) for _ in range(end - start))
            case 1:
                del data[start:end]
            case 2:
                data[start:start] = data[start:end] * chance.choice([1, 3, 50])
            case 3:
                data[start:end] = other[start:end]
            case _:
                data[start:end] = chance.choice(
                    [b"", b"\0", b"\r\n", b"--", b"BEGIN:VEVENT\r\n", b"=?utf-8?q?", b";:,"]
                )
    return bytes(data)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=mutated())
def test_no_mutation_raises_or_changes_anything_of_anybody_else(meeting: Meeting, data: bytes) -> None:
    people = Participation.objects.exclude(person__name="Bob").order_by("pk")
    columns = ("pk", "person", "partstat", "answered_at", "comment", "blocks", "starts_at", "ends_at")
    before = list(people.values_list(*columns)), Meeting.objects.values().get(), Attendee.objects.count()
    row = receive(data, now=SEEN)
    assert row.verdict in Verdict.values
    assert row.reason != "failed"
    assert (
        list(people.values_list(*columns)),
        Meeting.objects.values().get(),
        Attendee.objects.count(),
    ) == before
