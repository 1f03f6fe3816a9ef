"""The picture of tasks over time: what stands where, against the days counted out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.events.rules.task_picture import HEAD, LABELS, LONGEST_LABEL, ROW, PictureTask, draw

MONDAY = date(2026, 11, 23)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def test_bars_stand_on_their_days_in_rows() -> None:
    tasks = [
        PictureTask(1, "Menu", day(0), day(1), after=()),
        PictureTask(2, "Order", day(4), day(4), slack_from=day(2), after=(1,), is_milestone=True),
        PictureTask(3, "Some day", None, None, after=(2,)),
    ]
    found = draw(tasks, today=day(0), anchors=[("start", day(6))])
    menu, order, undated = found.bars
    per_day = menu.width // 2
    assert menu.x == found.today.x - per_day // 2
    assert (order.x, order.width) == (menu.x + 4 * per_day, per_day)
    assert (order.slack_x, order.slack_width) == (menu.x + 2 * per_day, 2 * per_day)
    assert (undated.width, undated.points) == (0, "")
    assert order.points.count(",") == 4
    assert [bar.y for bar in found.bars] == [HEAD, HEAD + ROW, HEAD + 2 * ROW]
    (link,) = found.links
    assert link.points.startswith(f"{menu.x + menu.width},{menu.middle} ")
    assert link.points.endswith(f" {order.x},{order.middle}")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "plain"),
        ({"is_critical": True}, "critical"),
        ({"is_critical": True, "is_late": True}, "late"),
        ({"is_done": True}, "done"),
    ],
)
def test_kinds(fields: dict[str, bool], kind: str) -> None:
    task = PictureTask(1, "x" * 80, day(0), day(0), **fields)  # type: ignore[arg-type]  # flags only
    (bar,) = draw([task], today=day(0)).bars
    assert (bar.kind, bar.title, len(bar.label)) == (kind, "x" * 80, LONGEST_LABEL)


def test_names_of_the_events_days_do_not_meet() -> None:
    names = [("load-in", day(5)), ("start", day(6)), ("end", day(7)), ("load-out", day(8))]
    found = draw([PictureTask(1, "A", day(0), day(1))], today=day(0), anchors=names)
    assert [(each.name, each.side) for each in found.anchors] == [
        *(("load-in", "end"), ("start", "end")),
        *(("end", "start"), ("load-out", "start")),
    ]
    heights = [each.text_y for each in found.anchors]
    assert heights[0] != heights[1] == heights[2] != heights[3]


tasks_drawn = st.lists(
    st.builds(
        lambda first, length, slack: PictureTask(
            0, "T", day(first), day(first + length), slack_from=day(first - slack)
        ),
        st.integers(-100, 400),
        st.integers(0, 60),
        st.integers(0, 30),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(tasks_drawn, st.integers(-50, 400), st.lists(st.integers(-50, 700), max_size=4))
def test_everything_lies_inside(tasks: list[PictureTask], today: int, anchors: list[int]) -> None:
    found = draw(tasks, today=day(today), anchors=[("start", day(each)) for each in anchors])
    marks = [found.today.x, *(tick.x for tick in (*found.anchors, *found.weeks))]
    assert all(LABELS <= x <= found.width for x in marks)
    for bar, task in zip(found.bars, tasks, strict=True):
        assert task.first is not None
        assert task.last is not None
        days = (task.last - task.first).days + 1
        assert bar.width % days == 0
        assert LABELS <= bar.slack_x <= bar.x < bar.x + bar.width <= found.width
        assert bar.y + ROW <= found.height
    assert all(tick.day.weekday() == 0 for tick in found.weeks)
