"""What differs between two sheets, and whom it concerns."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.events.enums import Service, SheetSection
from convenor.events.rules.sheet import (
    CONCERNS,
    CueFacts,
    SheetFacts,
    changed_sections,
    concerned,
    content_of,
    differences,
    part_of,
    works_for,
)
from convenor.events.rules.sheet_words import written, written_differences

START = datetime(2026, 12, 7, 10)
PLAIN = SheetFacts(
    event="Away day",
    title="Opening",
    kind="plenary",
    starts=START,
    ends=START + timedelta(hours=1),
    rooms=["A1 Atlas, Bucharest"],
    headcount=40,
    texts={"catering": "Coffee", "av": "Two microphones"},
    cues=[CueFacts(0, 5, "Doors open"), CueFacts(5, 10, "Video", service="av")],
)
ALL_SERVICES = replace(PLAIN, texts=dict.fromkeys(Service.values, "something"))


def with_text(name: str, text: str) -> SheetFacts:
    return replace(PLAIN, texts={**PLAIN.texts, name: text})


@pytest.mark.parametrize(
    ("changed", "sections", "services"),
    [
        (replace(PLAIN, headcount=60), ["count"], {Service.CATERING, Service.FACILITY}),
        (with_text("catering", "Tea"), ["catering"], {Service.CATERING}),
        (with_text("av", ""), ["av"], {Service.AV}),
        (with_text("security", "One at the door"), ["security"], {Service.SECURITY}),
        (with_text("notes", "VIP"), ["notes"], {Service.CATERING, Service.AV, Service.FACILITY}),
        (replace(PLAIN, host="Ana"), ["people"], {Service.AV}),
        (replace(PLAIN, setup_style="theatre"), ["setup"], {Service.CATERING, Service.AV, Service.FACILITY}),
        (replace(PLAIN, cues=[*PLAIN.cues, CueFacts(9, 1, "Lights", service="av")]), ["run"], {Service.AV}),
        (
            replace(PLAIN, cues=[CueFacts(0, 5, "Doors shut"), PLAIN.cues[1]]),
            ["run"],
            {Service.CATERING, Service.AV, Service.FACILITY},
        ),
        (
            replace(PLAIN, starts=START + timedelta(days=7), ends=PLAIN.ends + timedelta(days=7)),
            ["times"],
            {Service.CATERING, Service.AV, Service.FACILITY},
        ),
        (replace(PLAIN, texts={name: f" {text}\r\n" for name, text in PLAIN.texts.items()}), [], set()),
        (PLAIN, [], set()),
        (replace(PLAIN, added={"count": {"expected": 30}}), ["count"], {Service.CATERING, Service.FACILITY}),
        (replace(PLAIN, added={"catering": {"diets": [["vegan", 2]]}}), ["catering"], {Service.CATERING}),
        (replace(PLAIN, added={"security": {"access": [["step_free", 1]]}}), [], set()),
        (replace(PLAIN, added={"count": {"expected": 0, "guaranteed": None}}), [], set()),
    ],
)
def test_a_change_names_its_sections_and_concerns_only_whose_part_it_is(
    changed: SheetFacts, sections: list[str], services: set[Service]
) -> None:
    old, new = content_of(PLAIN), content_of(changed)
    assert changed_sections(old, new) == sections
    assert concerned(old, new) == services


def test_the_first_revision_concerns_who_works_for_the_function() -> None:
    content = content_of(PLAIN)
    assert concerned(None, content) == {Service.CATERING, Service.AV, Service.FACILITY}
    assert not works_for(content, Service.SECURITY)


def test_a_cancelled_function_is_everybodys_news() -> None:
    gone = replace(ALL_SERVICES, is_cancelled=True, rooms=[])
    assert concerned(content_of(ALL_SERVICES), content_of(gone)) == set(Service)


texts = st.text(alphabet="abc \n", max_size=6)
facts = st.builds(
    replace,
    st.just(ALL_SERVICES),
    title=texts,
    headcount=st.none() | st.integers(0, 3),
    host=st.sampled_from(["", "Ana"]),
    rooms=st.lists(st.sampled_from(["A", "B"]), max_size=2),
    texts=st.dictionaries(st.sampled_from([*Service.values, "notes"]), texts),
    cues=st.lists(
        st.builds(CueFacts, st.integers(0, 2), st.just(1), st.just("x"), service=st.sampled_from(["", "av"])),
        max_size=3,
    ),
)


@given(facts, facts)
def test_differences_agree_with_the_plainest_comparison(old: SheetFacts, new: SheetFacts) -> None:
    before, after = content_of(old), content_of(new)
    assert json.loads(json.dumps(after)) == after, "a frozen content can be compared with a fresh one"
    differing = [section.value for section in SheetSection if said(before[section]) != said(after[section])]
    assert changed_sections(before, after) == differing
    for service in Service:
        mine = [each for each in differing if service in CONCERNS[SheetSection(each)] and each != "run"]
        if service in concerned(before, after):
            assert mine or "run" in differing
        elif mine:
            assert not works_for(before, service)
            assert not works_for(after, service)
    assert [bool(each.label) for each in written_differences(differences(before, after))] == [True] * len(
        differences(before, after)
    )


def said(section: Any) -> Any:
    """None and "" are both nothing."""
    return {name: value or None for name, value in section.items()}


def test_a_part_holds_nothing_of_other_services() -> None:
    secret = replace(ALL_SERVICES, texts={**ALL_SERVICES.texts, "security": "Safe behind the picture"})
    for service in set(Service) - {Service.SECURITY}:
        assert "Safe behind" not in json.dumps(part_of(content_of(secret), service))
    assert "Safe behind" in json.dumps(part_of(content_of(secret), Service.SECURITY))
    assert "Video" not in json.dumps(part_of(content_of(PLAIN), Service.CATERING))


def test_what_is_added_for_a_service_that_does_not_work_for_the_function_is_left_out() -> None:
    added: dict[str, Any] = {"catering": {"diets": [["vegan", 1]]}, "staffing": {"people": 3}}
    assert content_of(replace(PLAIN, added=added))["staffing"] == {"text": ""}
    assert "vegan" not in json.dumps(content_of(replace(PLAIN, texts={}, added=added)))
    assert "vegan" in json.dumps(part_of(content_of(replace(PLAIN, added=added)), Service.CATERING))
    assert "vegan" not in json.dumps(part_of(content_of(replace(PLAIN, added=added)), Service.AV))


def test_a_field_of_another_version_keeps_its_code() -> None:
    content = content_of(replace(PLAIN, added={"catering": {"sweets": ["cake", 3]}}))
    (section,) = [each for each in written(content) if each.title == "Catering"]
    assert section.facts == [("sweets", "cake\n3")]


def test_words() -> None:
    head, *rest = written(content_of(PLAIN))
    assert ("Kind", "Plenary") in head.facts
    assert ("Starts", "Mon 7 Dec 2026, 10:00") in head.facts
    assert "Away day" not in str(head.facts), "it stands in the paper's head"
    assert [section.title for section in rest] == ["Catering", "Audio and video", "Run of show"]
    assert rest[-1].rows[1] == ["10:05", "10", "Video", "", "Audio and video"]
    (row,) = written_differences(differences(content_of(PLAIN), content_of(with_text("catering", "Tea"))))
    assert (row.label, row.before, row.after) == ("Catering", "Coffee", "Tea")
    cut = replace(PLAIN, cues=PLAIN.cues[:1])
    (row,) = written_differences(differences(content_of(PLAIN), content_of(cut)))
    assert (row.before, row.after) == ("+5 min: Video (Audio and video)", "")
