"""A certificate in words: its facts, its checks, what has changed since; and as PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from convenor.base.papers import typeset
from convenor.events.enums import Decision, EventState, Level, OwnerRole
from convenor.events.models import Certificate, SignOff
from convenor.events.queries.certificates import CertificateView
from convenor.events.rules.certificate import Change, Part

FACTS = {
    "title": gettext_lazy("Title"),
    "class": gettext_lazy("Class"),
    "state": gettext_lazy("State"),
    "load_in": gettext_lazy("Load-in"),
    "starts": gettext_lazy("Starts"),
    "ends": gettext_lazy("Ends"),
    "load_out": gettext_lazy("Load-out"),
    "site": gettext_lazy("Site"),
    "owner": gettext_lazy("Coordinator"),
    "sponsor": gettext_lazy("Sponsor"),
    "expected": gettext_lazy("Expected"),
    "guaranteed": gettext_lazy("Guaranteed"),
    "people": pgettext_lazy("certificate", "People on the list"),
    "outside": gettext_lazy("From outside"),
    "organisations": gettext_lazy("Organisations"),
}
MOMENTS = {"load_in", "starts", "ends", "load_out"}
MOST_ON_PAPER, LONGEST_ON_PAPER, MANY_CHECKS = 2, 110, 6
"""One page: so many findings of a check, one of each where there are many checks, each cut to that length."""
NOTE_ON_PAPER = 250
SIGNERS_ON_PAPER, SHORT_ON_PAPER = 6, 60


def fact_rows(certificate: Certificate) -> list[tuple[str, str]]:
    """Label and value of what isn't empty."""
    facts = certificate.evidence["facts"]
    return [(str(label), _value(name, facts[name])) for name, label in FACTS.items() if facts.get(name)]


def change_rows(changes: Sequence[Change]) -> list[dict[str, str]]:
    """For ui/diff.html."""
    return [
        {"label": _label(each), "before": _said(each, each.before), "after": _said(each, each.after)}
        for each in changes
    ]


def _label(change: Change) -> str:
    if change.part == Part.FACT:
        return str(FACTS.get(change.code, change.code))
    return _("Programme") if change.part == Part.PROGRAMME else change.title


def _said(change: Change, value: Any) -> str:
    if change.part == Part.CHECK:
        return str(Level(value).label)
    return _value(change.code, value) if change.part == Part.FACT else str(value or "")


def _value(name: str, value: Any) -> str:
    if name in MOMENTS and value:
        return date_format(datetime.fromisoformat(value), "WEEKDAY_YEAR_TIME_FORMAT")
    if name == "state" and value in EventState.values:
        return str(EventState(value).label)
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value)


def role_of(sign_off: SignOff) -> str:
    return str(OwnerRole(sign_off.role).label) if sign_off.role in OwnerRole.values else sign_off.role


def drawn_up(certificate: Certificate) -> str:
    """`No. 2, Mon 23 Nov 2026, 10:15`."""
    when = date_format(
        certificate.made_at.astimezone(ZoneInfo(certificate.event.zone)), "WEEKDAY_YEAR_TIME_FORMAT"
    )
    return _("No. %(number)d, %(when)s") % {"number": certificate.number, "when": when}


def certificate_pdf(view: CertificateView) -> bytes:
    """One page, in the present language: the facts, the checks as they stood, who decided what."""
    certificate = view.certificate
    checks = certificate.evidence["checks"]
    data = {
        "language": get_language() or "en",
        "title": _("Go/no-go: %(title)s")
        % {"title": _cut(certificate.evidence["facts"]["title"], SHORT_ON_PAPER)},
        "number": drawn_up(certificate),
        "outcome": str(view.outcome.label),
        "note": _cut(certificate.note, NOTE_ON_PAPER),
        "facts": [[label, _cut(value, SHORT_ON_PAPER)] for label, value in fact_rows(certificate)],
        "ready": _("%(percent)d%% of the checks were met.") % {"percent": certificate.evidence["percent"]},
        "checks": [
            [each["title"], str(Level(each["level"]).label), _findings(each, many=len(checks) > MANY_CHECKS)]
            for each in checks
        ],
        "changed": _changed(view.changes),
        "signers": _signers(view.sign_offs, certificate),
        "labels": {
            "page": _("page {n} of {of}"),
            "checks": [_("Check"), _("Level"), _("What was found")],
            "signers": [_("Name"), _("As"), _("Decision"), _("Remark")],
            "decided": _("Decisions"),
            "readiness": _("Readiness as it was"),
            "event": _("Event"),
        },
    }
    return typeset("events/certificate", data, made_at=certificate.made_at)


def _findings(check: Mapping[str, Any], *, many: bool) -> str:
    found = check["findings"]
    most = 1 if many else MOST_ON_PAPER
    lines = [_finding(each) for each in found[:most]]
    if (rest := len(found) - most) > 0:
        lines.append(ngettext("and %(count)d more", "and %(count)d more", rest) % {"count": rest})
    return "\n".join(lines) or _("Nothing is amiss.")


def _finding(finding: Mapping[str, Any]) -> str:
    sentence: str = _cut(finding["sentence"])
    if not finding["waived_by"]:
        return sentence
    words = {"sentence": sentence, "who": finding["waived_by"], "why": _cut(finding["waived_why"])}
    return _("%(sentence)s Waived by %(who)s: %(why)s") % words


def _changed(changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    return ngettext(
        "%(count)d thing has changed since.", "%(count)d things have changed since.", len(changes)
    ) % {"count": len(changes)}


def _signers(sign_offs: Sequence[SignOff], certificate: Certificate) -> list[list[str]]:
    """Those who said no come first, so that no page leaves one out."""
    ordered = sorted(sign_offs, key=lambda each: each.decision != Decision.NO_GO)
    rows = [_signer(each, certificate) for each in ordered[:SIGNERS_ON_PAPER]]
    if (rest := len(ordered) - SIGNERS_ON_PAPER) > 0:
        more = ngettext("and %(count)d more", "and %(count)d more", rest) % {"count": rest}
        rows.append([more, "", "", ""])
    return rows


def _signer(sign_off: SignOff, certificate: Certificate) -> list[str]:
    if not sign_off.decision or sign_off.signed_at is None:
        return [sign_off.person.name, role_of(sign_off), _("not signed yet"), ""]
    when = date_format(sign_off.signed_at.astimezone(ZoneInfo(certificate.event.zone)), "DAY_TIME_FORMAT")
    decision = f"{Decision(sign_off.decision).label}\n{when}"
    remark = "\n".join(
        each for each in (_cut(sign_off.remark, SHORT_ON_PAPER), sign_off.signed_by_name) if each
    )
    return [sign_off.person.name, role_of(sign_off), decision, remark]


def _cut(text: str, longest: int = LONGEST_ON_PAPER) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
