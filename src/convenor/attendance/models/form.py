"""An event's registration form: who may register, which questions are asked, and options that can run out."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convenor.attendance.enums import FieldKind, FormMode
from convenor.attendance.models.registration import Registration
from convenor.base.tally import Tally
from convenor.events.models import Event


class RegistrationForm(models.Model):
    """`token` is the part of its page's address that can't be guessed."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="registration_form")
    version = models.PositiveIntegerField(default=1)
    token = models.CharField(max_length=43, unique=True)
    mode = models.CharField(
        _("who may register"), max_length=10, choices=FormMode, default=FormMode.INVITATION
    )
    is_open = models.BooleanField(_("open"), default=False)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    intro_en = models.TextField(_("introduction, English"), blank=True)
    intro_ro = models.TextField(_("introduction, Romanian"), blank=True)
    asks_organisation = models.BooleanField(_("ask for the organisation"), default=True)
    asks_phone = models.BooleanField(_("ask for a phone number"), default=False)
    asks_dietary = models.BooleanField(_("ask for dietary needs"), default=True)
    asks_access = models.BooleanField(_("ask for access needs"), default=True)
    max_guests = models.PositiveSmallIntegerField(_("guests each may bring"), default=0)
    shows_seats_left = models.BooleanField(_("say how many seats are left"), default=False)
    # A seat is held until a coordinator has confirmed it
    needs_approval = models.BooleanField(_("each registration is confirmed by hand"), default=False)

    class Meta:
        verbose_name = _("registration form")
        verbose_name_plural = _("registration forms")

    def __str__(self) -> str:
        return str(self.event_id)


class FormField(models.Model):
    """A question. `key` names it in answers and in exports."""

    form = models.ForeignKey(RegistrationForm, models.CASCADE, db_index=False, related_name="fields")
    key = models.SlugField(_("key"), max_length=40)
    kind = models.CharField(_("answered with"), max_length=10, choices=FieldKind, default=FieldKind.TEXT)
    label_en = models.CharField(_("question, English"), max_length=300)
    label_ro = models.CharField(_("question, Romanian"), max_length=300, blank=True)
    help_en = models.CharField(_("help, English"), max_length=300, blank=True)
    help_ro = models.CharField(_("help, Romanian"), max_length=300, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [models.UniqueConstraint(fields=["form", "key"], name="form_field_key_once")]

    def __str__(self) -> str:
        return self.key


class FieldOption(models.Model):
    """An answer to choose. `taken` is counted by the database (Tally), which refuses the one too many."""

    field = models.ForeignKey(FormField, models.CASCADE, db_index=False, related_name="options")
    key = models.SlugField(_("key"), max_length=40)
    label_en = models.CharField(_("text, English"), max_length=200)
    label_ro = models.CharField(_("text, Romanian"), max_length=200, blank=True)
    limit = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [
            models.UniqueConstraint(fields=["field", "key"], name="field_option_key_once"),
            models.CheckConstraint(
                name="option_never_oversold",
                condition=Q(limit__isnull=True) | Q(limit__gte=F("taken")),
                violation_error_message=_("This option has run out."),
                violation_error_code="option_never_oversold",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Pick(models.Model):
    """An option that a registration chose. It counts while the registration holds a place."""

    registration = models.ForeignKey(Registration, models.CASCADE, db_index=False, related_name="picks")
    option = models.ForeignKey(FieldOption, models.PROTECT, related_name="picks")
    counts = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        constraints = [
            models.UniqueConstraint(fields=["registration", "option"], name="picked_once"),
            Tally(name="option_taken", into="option", count="taken", condition=Q(counts=True)),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.option_id}"
