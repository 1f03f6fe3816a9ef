"""The one validator of IANA zone names, for models, forms and imports."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.kernel.instants import UnknownZone, zone_name


def validate_zone(name: str) -> None:
    """Raise ValidationError naming the zone and its nearest known names."""
    try:
        zone_name(name)
    except UnknownZone as error:
        near = ", ".join(error.nearest)
        text = _("“%(zone)s” is not a time zone.") % {"zone": name}
        hint = _(" Did you mean %(near)s?") % {"near": near} if near else ""
        raise ValidationError(text + hint, code="unknown_zone") from error
