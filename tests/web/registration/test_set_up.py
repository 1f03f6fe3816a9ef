"""The Registration tab: setting the form up without JavaScript, and who may."""

from __future__ import annotations

from typing import Any

import pytest

from convenor.attendance.models import FieldOption, Registration, RegistrationForm, Roll
from convenor.base.models import AuditEntry
from convenor.events.enums import Confidentiality
from convenor.events.models import Event
from tests.factories import cast
from tests.factories.events import make_event, make_function
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db
FRAME = {"mode": "public", "is_open": "on", "max_guests": "1", "version": "", "questions": "0"}


def address(event: Event) -> str:
    return f"/events/{event.pk}/registration/"


def asked(place: int, **fields: Any) -> dict[str, Any]:
    """One question as the page sends it; options as (English, limit)."""
    options = fields.pop("options", ())
    values = {"kind": "text", "label_en": f"Question {place}", "options": len(options)} | fields
    sent_ones = {f"question_{place}-{name}": value for name, value in values.items()}
    for number, (label, limit) in enumerate(options):
        prefix = f"question_{place}-option_{number}"
        sent_ones |= {f"{prefix}-label_en": label, f"{prefix}-limit": limit}
    return sent_ones


def test_a_form_is_set_up_and_changed() -> None:
    alice = cast.alice()
    event, client = make_event(alice), signed_in(alice)
    function = make_function(event, meeting={"title": "Keynote"})
    assert "Keynote" in page(client, address(event))
    data = {
        **FRAME,
        "questions": "2",
        "opens": "2026-12-01T08:00",
        "intro_ro": "Bun venit",
        "function_ids": str(function.pk),
        **asked(
            0, label_en="T-shirt", label_ro="Tricou", kind="choice", options=[("Small", "5"), ("Large", "")]
        ),
        **asked(1, kind="consent", is_required="on"),
    }
    said = sent(client, address(event), data)
    form = RegistrationForm.objects.get(event=event)
    assert f"/register/{form.token}/" in said
    assert "opens on" in said
    assert form.opens_at is not None
    assert form.opens_at.hour == 6  # eight in Bucharest
    assert [row.key for row in form.fields.all()] == ["t-shirt", "question-1"]
    assert list(FieldOption.objects.values_list("key", "limit")) == [("small", 5), ("large", None)]
    assert set(Roll.objects.values_list("function_id", "is_choosable")) == {
        (None, False),
        (function.pk, True),
    }
    # The same again changes nothing
    data |= {"version": "1", "question_0-key": "t-shirt", "question_1-key": "question-1"}
    data |= {"question_0-option_0-key": "small", "question_0-option_1-key": "large"}
    sent(client, address(event), data)
    form.refresh_from_db()
    assert form.version == 1
    sent(client, address(event), data | {"max_guests": "2", "function_ids": []})
    form.refresh_from_db()
    assert (form.version, form.max_guests) == (2, 2)
    assert not Roll.objects.get(function=function).is_choosable
    assert sorted(
        AuditEntry.objects.filter(action__startswith="registration_form").values_list("action", flat=True)
    ) == [
        "registration_form.changed",
        "registration_form.set_up",
    ]


def test_buttons_add_remove_and_reorder_without_saving() -> None:
    alice = cast.alice()
    event, client = make_event(alice), signed_in(alice)
    two = {**FRAME, "questions": "2", "intro_en": "Half written", **asked(0), **asked(1, label_en="Second")}
    text = sent(client, address(event), {**two, "press": "up-1"}, 200)
    assert text.index("Second") < text.index("Question 0")
    assert "Half written" in text
    assert 'name="questions" value="3"' in sent(client, address(event), {**two, "press": "add"}, 200)
    assert "Question 0" not in sent(client, address(event), {**two, "press": "remove-0"}, 200)
    text = sent(client, address(event), {**two, "press": "answers-0"}, 200)
    assert 'name="question_0-option_1-label_en"' in text
    for nonsense in ("up-0", "down-1", "remove-99", "answers-7", "down-999"):
        sent(client, address(event), {**two, "press": nonsense}, 200)
    assert not RegistrationForm.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"opens": "2026-12-02T08:00", "closes": "2026-12-01T08:00"}, "must close after it opens"),
        ({"max_guests": "99"}, "less than or equal to 20"),
        ({"questions": "1", **asked(0, label_en="")}, "Write the question."),
        ({"questions": "1", **asked(0, kind="choice")}, "at least one answer"),
        ({"questions": "1", **asked(0, kind="choice", options=[("A", "0")])}, "greater than or equal to 1"),
        ({"mode": "everybody"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_kept(changes: dict[str, Any], sentence: str) -> None:
    alice = cast.alice()
    event, client = make_event(alice), signed_in(alice)
    text = sent(client, address(event), {**FRAME, "intro_en": "Kept text", **changes}, 422)
    assert sentence in text
    assert "Kept text" in text
    assert not RegistrationForm.objects.exists()


def test_two_tabs() -> None:
    alice = cast.alice()
    event, client = make_event(alice), signed_in(alice)
    sent(client, address(event), FRAME)
    sent(client, address(event), {**FRAME, "version": "1", "max_guests": "3"})
    assert "Somebody else has changed the form" in sent(
        client, address(event), {**FRAME, "version": "1"}, 422
    )


def test_a_confidential_event_has_no_public_page() -> None:
    alice = cast.alice()
    event = make_event(alice, confidentiality=Confidentiality.CONFIDENTIAL)
    client = signed_in(alice)
    assert "people are invited to it" in sent(client, address(event), FRAME, 422)
    sent(client, address(event), {**FRAME, "mode": "invitation"})


def test_another_address() -> None:
    alice = cast.alice()
    event, client = make_event(alice), signed_in(alice)
    sent(client, address(event), FRAME)
    old = RegistrationForm.objects.get().token
    said = sent(client, f"{address(event)}renew/", {})
    assert old not in said
    assert RegistrationForm.objects.get().token in said
    assert old not in str(AuditEntry.objects.values_list("before", "after"))


def test_the_preview_speaks_both_languages() -> None:
    alice = cast.alice()
    event, client = make_event(alice), signed_in(alice)
    page(client, f"{address(event)}preview/", 404)
    sent(client, address(event), {**FRAME, "intro_en": "Welcome", "intro_ro": "Bun venit"})
    assert "Welcome" in page(client, f"{address(event)}preview/")
    assert "Bun venit" in page(client, f"{address(event)}preview/?lang=ro")


def test_only_those_who_run_the_event_set_it_up() -> None:
    alice, bob, charlie = cast.alice(), cast.bob(), cast.charlie()
    event = make_event(alice, title="Zyx takeover")
    sent(signed_in(alice), address(event), {**FRAME, "intro_en": "Zyx intro"})
    token = RegistrationForm.objects.get().token
    for person, status in ((bob, 403), (charlie, 404)):
        client = signed_in(person)
        for path in (address(event), f"{address(event)}preview/"):
            text = page(client, path, status)
            assert "Zyx intro" not in text
            assert token not in text
        for path in (address(event), f"{address(event)}renew/"):
            sent(client, path, {**FRAME, "version": "1"}, status)
    assert "Registration</a>" not in page(signed_in(bob), f"/events/{event.pk}/")
    assert "Zyx" not in page(signed_in(charlie), f"{address(event)}", 404)
    form = RegistrationForm.objects.get()
    assert (form.version, form.token) == (1, token)
    assert not Registration.objects.exists()


def test_one_or_three_questions_make_no_difference() -> None:
    alice = cast.alice()
    event, client = make_event(alice), signed_in(alice)
    choice = {"kind": "choice", "options": [("A", ""), ("B", "3")]}
    sent(client, address(event), {**FRAME, "questions": "1", **asked(0, **choice)})
    one = [queries_of(client, path) for path in (address(event), f"{address(event)}preview/")]
    three = {**asked(0, **choice), **asked(1, **choice), **asked(2, **choice)}
    sent(client, address(event), {**FRAME, "version": "1", "questions": "3", **three})
    make_function(event)
    assert [queries_of(client, path) for path in (address(event), f"{address(event)}preview/")] == one
