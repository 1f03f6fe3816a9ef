"""Documents of an event, each with all its versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.events.models.event import Event
from convenor.events.models.function import Function
from convenor.events.models.task import Task
from convenor.people.models import Person


class Document(models.Model):
    """Of the event as a whole, or of one of its tasks or functions. `is_sensitive`: only for those who run the event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="documents")
    task = models.ForeignKey(Task, models.CASCADE, null=True, blank=True, related_name="documents")
    function = models.ForeignKey(Function, models.CASCADE, null=True, blank=True, related_name="documents")
    title = models.CharField(_("title"), max_length=200)
    is_sensitive = models.BooleanField(_("only for those who run the event"), default=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("title", "id")
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                name="document_of_one_thing", condition=Q(task__isnull=True) | Q(function__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(models.Model):
    """`file_type` is what the content is, looked at; never what the sender said it was."""

    document = models.ForeignKey(
        Document, models.CASCADE, db_index=False, related_name="versions"
    )  # leads the index of document_version_once
    number = models.PositiveIntegerField(_("version"))
    file = models.FileField(upload_to="documents/%Y/", max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    file_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size, bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+"
    )
    uploader_name = models.CharField(max_length=160)

    class Meta:
        ordering = ("document", "-number")
        verbose_name = _("version of a document")
        verbose_name_plural = _("versions of documents")
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="document_version_once")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.number})"
