"""A registration: one person at one event, with or without an account, and what they need."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.attendance.enums import Source
from convenor.base.fields import EmailAddressField
from convenor.events.models import Event
from convenor.people.models import Department, Person


class Registration(models.Model):
    """`token` is the secret of the personal link, `code` what a badge and a QR code say: it opens nothing but a door.

    `person` is whom the directory knows by this address. A guest is another's, who answers for them, and need not
    have an address. `search` is the folded text in which screens look for words. `told` is what their calendar was
    last told: by UID "sequence" and "digest", and "cancelled".
    """

    event = models.ForeignKey(
        Event, models.CASCADE, db_index=False, related_name="registrations"
    )  # leads the index of addresses
    version = models.PositiveIntegerField(default=1)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=160)
    email = EmailAddressField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    department = models.ForeignKey(
        Department, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    guest_of = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="guests", verbose_name=_("guest of")
    )
    source = models.CharField(_("came by"), max_length=12, choices=Source)
    # Larger comes first where the waitlist goes by priority
    priority = models.SmallIntegerField(_("priority group"), default=0)
    token = models.CharField(max_length=43, unique=True)
    code = models.CharField(_("code"), max_length=16, unique=True)
    # Of the form that was sent: the same form sent twice is one registration
    nonce = models.CharField(max_length=43, blank=True)
    registered_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("registered by")
    )
    answers = models.JSONField(default=dict, blank=True)  # by the field's key: text, option keys, or true
    consented_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    search = models.TextField(blank=True, editable=False)
    told = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "email"],
                condition=~Q(email="") & Q(guest_of__isnull=True),
                name="registered_once",
                violation_error_message=_("This address is on the list already."),
                violation_error_code="registered_once",
            ),
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=Q(person__isnull=False, guest_of__isnull=True),
                name="person_registered_once",
                violation_error_message=_("This person is on the list already."),
                violation_error_code="registered_once",
            ),
            models.UniqueConstraint(
                fields=["nonce"],
                condition=~Q(nonce=""),
                name="form_sent_once",
                violation_error_message=_("This form was sent already."),
                violation_error_code="form_sent_once",
            ),
        ]
        # The constraint's own index isn't found by a parameter, which might be an empty address
        indexes = [models.Index(fields=["event", "email"], name="registration_address")]

    def __str__(self) -> str:
        return self.name


class RegistrationNeeds(models.Model):
    """Dietary and access needs, apart from the registration so that no query loads them by accident."""

    registration = models.OneToOneField(Registration, models.CASCADE, related_name="needs")
    diets = models.JSONField(_("diet"), default=list, blank=True)  # values of enums.Diet
    dietary = models.CharField(_("other dietary needs"), max_length=300, blank=True)
    access = models.JSONField(_("access"), default=list, blank=True)  # values of enums.AccessNeed
    access_text = models.CharField(_("other access needs"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("needs")
        verbose_name_plural = _("needs")

    def __str__(self) -> str:
        return str(self.registration_id)
