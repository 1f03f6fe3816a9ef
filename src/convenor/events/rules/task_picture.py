"""The picture of an event's tasks over time, as numbers: a row each, bars over days, marks for today and the event's own days.

Units are pixels of an SVG whose left column holds the titles. Pure: the template only writes the numbers down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LABELS = 224  # width of the titles' column
ROW, HEAD = 28, 58  # height of a row, and of the scale above them
BAR = 12  # height of a bar
WIDEST, NARROWEST_DAY, WIDEST_DAY = 1_120, 4, 26
LONGEST_LABEL = 34
_SPARE = 2  # days left and right
_FIRST_LINE, _LINE = 12, 14  # heights of the names over the rows
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PictureTask:
    """Days are inclusive; `slack_from` is the day from which on it could be done, for what has slack. Without days it is only named."""

    id: int
    title: str
    first: date | None
    last: date | None
    slack_from: date | None = None
    is_done: bool = False
    is_critical: bool = False
    is_late: bool = False
    is_milestone: bool = False
    after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """`kind` is a word for the style: done, late, critical or plain. A milestone is a diamond at its end: `points`."""

    id: int
    title: str
    label: str
    kind: str
    y: int
    text_y: int
    x: int = 0
    bar_y: int = 0
    width: int = 0
    slack_x: int = 0
    slack_width: int = 0
    middle: int = 0
    points: str = ""
    is_critical: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A line down the picture with its name: it ends (`end`) or starts (`start`) at `text_x`, at the height `text_y`. A Monday without a name is a line alone."""

    x: int
    day: date
    name: str = ""
    text_x: int = 0
    text_y: int = 0
    side: str = "start"


@dataclass(frozen=True, slots=True)
class Link:
    """From the end of a task to the beginning of one that waits for it, as the points of a line."""

    points: str
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    labels: int
    head: int
    bar_height: int
    bars: tuple[Bar, ...]
    weeks: tuple[Tick, ...]
    today: Tick
    anchors: tuple[Tick, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    per_day: int

    def left(self, day: date) -> int:
        return LABELS + (day - self.first).days * self.per_day

    def right(self, day: date) -> int:
        return self.left(day) + self.per_day


def draw(tasks: Sequence[PictureTask], *, today: date, anchors: Iterable[tuple[str, date]] = ()) -> Picture:
    """The picture of the tasks in their order; `anchors` are named days of the event."""
    named = list(anchors)
    days = [today, *(day for _name, day in named)]
    days += [day for task in tasks for day in (task.slack_from, task.first, task.last) if day is not None]
    first, last = min(days) - _SPARE * _DAY, max(days) + _SPARE * _DAY
    count = (last - first).days + 1
    scale = _Scale(first, max(NARROWEST_DAY, min(WIDEST_DAY, (WIDEST - LABELS) // count)))
    bars = [_bar(task, row, scale) for row, task in enumerate(tasks)]
    return Picture(
        width=LABELS + count * scale.per_day,
        height=HEAD + ROW * len(tasks) + BAR,
        labels=LABELS,
        head=HEAD,
        bar_height=BAR,
        bars=tuple(bars),
        weeks=tuple(_weeks(first, last, scale)),
        today=_mark(scale, "", today, height=2, side="start"),
        anchors=tuple(_anchors(named, scale)),
        links=tuple(_links(tasks, {bar.id: bar for bar in bars})),
    )


def _bar(task: PictureTask, row: int, scale: _Scale) -> Bar:
    y = HEAD + row * ROW
    label = task.title if len(task.title) <= LONGEST_LABEL else task.title[: LONGEST_LABEL - 1].rstrip() + "…"
    kind = "done" if task.is_done else "late" if task.is_late else "critical" if task.is_critical else "plain"
    text_y, middle = y + 18, y + ROW // 2
    if task.first is None or task.last is None:
        return Bar(task.id, task.title, label, kind, y, text_y, middle=middle)
    x, end = scale.left(task.first), scale.right(task.last)
    slack_x = scale.left(task.slack_from) if task.slack_from and task.slack_from < task.first else x
    half = BAR // 2
    diamond = f"{end - half},{middle} {end},{middle - half} {end + half},{middle} {end},{middle + half}"
    return Bar(
        task.id,
        task.title,
        label,
        kind,
        y,
        text_y,
        x=x,
        bar_y=middle - half,
        width=end - x,
        slack_x=slack_x,
        slack_width=x - slack_x,
        middle=middle,
        points=diamond if task.is_milestone else "",
        is_critical=task.is_critical,
    )


def _mark(scale: _Scale, name: str, day: date, *, height: int, side: str) -> Tick:
    """A line through the middle of a day; names stand in three lines (`height`) so that those of neighbouring days don't meet."""
    x = scale.left(day) + scale.per_day // 2
    return Tick(x, day, name, x - 3 if side == "end" else x + 3, _FIRST_LINE + _LINE * height, side)


def _anchors(named: Sequence[tuple[str, date]], scale: _Scale) -> Iterable[Tick]:
    """The first half of them written to the left of their lines, the second to the right: load-in, start | end, load-out."""
    half = len(named) / 2
    for place, (name, day) in enumerate(named):
        is_left = place < half
        is_inner = place == (len(named) - 1) // 2 or place == len(named) // 2
        yield _mark(scale, name, day, height=0 if is_inner else 1, side="end" if is_left else "start")


def _weeks(first: date, last: date, scale: _Scale) -> Iterable[Tick]:
    """Mondays; every second or fourth of them has its date written where they are narrow."""
    monday = first + (-first.weekday() % 7) * _DAY
    every = 1 if scale.per_day >= 10 else 2 if scale.per_day >= 5 else 4
    number = 0
    while monday <= last:
        yield Tick(scale.left(monday), monday, name="" if number % every else "week")
        monday += 7 * _DAY
        number += 1


def _links(tasks: Sequence[PictureTask], bars: Mapping[int, Bar]) -> Iterable[Link]:
    by_id = {task.id: task for task in tasks}
    for task in tasks:
        for other in task.after:
            before, bar = bars.get(other), bars[task.id]
            if before is None or not before.width or not bar.width:
                continue
            end = before.x + before.width
            points = (
                f"{end},{before.middle} {end + 4},{before.middle} {end + 4},{bar.middle} {bar.x},{bar.middle}"
            )
            yield Link(points, task.is_critical and by_id[other].is_critical)
