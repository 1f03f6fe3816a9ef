"""A person: one of the staff, or somebody from outside."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.base.fields import EmailAddressField
from convenor.base.zones import validate_zone
from convenor.people.enums import PersonKind
from convenor.people.models.organisation import CostBand, Department, Organisation
from convenor.venues.models import Site


class Person(models.Model):
    """Never deleted once in a meeting: deactivated, and the meetings handed over."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="person"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PersonKind, default=PersonKind.STAFF)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="people", verbose_name=_("organisation")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("department")
    )
    # Kept in lower case, so that one index serves the constraint and every look-up
    email = EmailAddressField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=160)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    home_site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("home site")
    )
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    cost_band = models.ForeignKey(
        CostBand, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("cost band")
    )
    # 1 staff, 2 lead, 3 head of department, 4 director, 5 executive: who may displace whom
    seniority = models.PositiveSmallIntegerField(_("seniority"), default=1)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("name", "id")
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                name="person_email_once",
                violation_error_code="unique",  # Django then shows the sentence at the field
                violation_error_message=_("There is already a person with this e-mail."),
            ),
            models.CheckConstraint(name="person_seniority_1_to_5", condition=Q(seniority__range=(1, 5))),
        ]
        indexes = [models.Index(fields=["department", "is_active"])]

    def __str__(self) -> str:
        return self.name


class PersonNeeds(models.Model):
    """Dietary and access needs, apart from the person so that no query loads them by accident."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="needs")
    dietary = models.TextField(_("dietary needs"), blank=True)
    access = models.TextField(_("access needs"), blank=True)
    step_free = models.BooleanField(_("needs step-free access"), default=False)

    class Meta:
        verbose_name = _("needs")
        verbose_name_plural = _("needs")

    def __str__(self) -> str:
        return str(self.person_id)


class EmailAlias(models.Model):
    """Another address that the person writes from: answers that come from it are theirs."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="aliases")
    email = EmailAddressField(
        _("e-mail"),
        max_length=254,
        unique=True,
        error_messages={"unique": _("This address is another person's already.")},
    )

    class Meta:
        ordering = ("email",)
        verbose_name = _("other address")
        verbose_name_plural = _("other addresses")

    def __str__(self) -> str:
        return str(self.email)
