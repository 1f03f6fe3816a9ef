"""Tasks of an event, planned backward from its dates."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convenor.events.enums import UNDONE, Anchor, TaskState
from convenor.events.models.event import Event
from convenor.people.models import Person


class Task(models.Model):
    """Due `offset_days` after the anchor (before, where negative), in calendar or working days.

    `due_on` is what that comes to with the event's dates now: recalculated when they move; None while
    the event has none. `fixed_due_on` stands instead of an offset.
    """

    event = models.ForeignKey(
        Event, models.CASCADE, db_index=False, related_name="tasks"
    )  # leads the index of task_key_once
    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="event_tasks",
        verbose_name=_("owner"),
    )
    state = models.CharField(_("state"), max_length=12, choices=TaskState, default=TaskState.OPEN)
    is_milestone = models.BooleanField(_("milestone"), default=False)
    anchor = models.CharField(_("counted from"), max_length=8, choices=Anchor, default=Anchor.START)
    offset_days = models.IntegerField(_("days after"), default=0)
    working_days = models.BooleanField(_("working days"), default=True)
    fixed_due_on = models.DateField(_("fixed date"), null=True, blank=True)
    due_on = models.DateField(pgettext_lazy("task", "due"), null=True, blank=True)
    duration_days = models.PositiveSmallIntegerField(_("takes, working days"), default=1)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+"
    )
    reminded_on = models.DateField(null=True, blank=True)
    escalated_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = (F("due_on").asc(nulls_last=True), "id")
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(fields=["event", "key"], name="task_key_once"),
            models.CheckConstraint(
                name="task_done_has_time",
                condition=(Q(state=TaskState.DONE) & Q(done_at__isnull=False))
                | (~Q(state=TaskState.DONE) & Q(done_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(state__in=UNDONE), name="task_undone_of"),
            models.Index(fields=["due_on"], condition=Q(state__in=UNDONE), name="task_undone_by"),
        ]

    def __str__(self) -> str:
        return self.title


class TaskDependency(models.Model):
    """`task` can begin once `after` is done. No cycles: rules hold that, under a lock of the event."""

    task = models.ForeignKey(
        Task, models.CASCADE, db_index=False, related_name="dependencies"
    )  # leads the index of dependency_once
    after = models.ForeignKey(Task, models.CASCADE, related_name="dependents")

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        constraints = [
            models.UniqueConstraint(fields=["task", "after"], name="dependency_once"),
            models.CheckConstraint(name="dependency_on_another", condition=~Q(task=F("after"))),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} after {self.after_id}"


class ChecklistItem(models.Model):
    task = models.ForeignKey(Task, models.CASCADE, related_name="checklist")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("text"), max_length=200)
    is_done = models.BooleanField(_("done"), default=False)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("checklist")

    def __str__(self) -> str:
        return self.text


class TaskComment(models.Model):
    task = models.ForeignKey(Task, models.CASCADE, related_name="comments")
    author = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    author_name = models.CharField(max_length=160)
    text = models.TextField(_("comment"))
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return self.text[:60]
