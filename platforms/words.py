"""How the catalogue's codes are said to people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

PURPOSES: dict[str, str | Promise] = {
    "ncii": _("Intimate images"),
    "dsa_illegal": _("Illegal content (EU)"),
    "privacy": _("Privacy"),
    "copyright": _("Copyright"),
    "dpo": _("Data protection"),
    "csam": _("Images of minors"),
    "dsa_complaint": _("Complaint against a decision (EU)"),
    "trusted_flagger": _("Trusted flaggers"),
    "contact_point": _("Contact point"),
    "law_enforcement": _("Authorities only"),
}
MEDIA: dict[str, str | Promise] = {
    "email": _("E-mail"),
    "web_form": _("Web form"),
    "in_app": _("In the app"),
    "portal": _("Portal"),
    "postal": _("Post"),
}
AUDIENCES: dict[str, str | Promise] = {
    "members": _("Members of the place only"),
    "residents_of": _("Residents of some countries only"),
    "ngos": _("Organisations only"),
    "authorities": _("Police and courts only"),
}
DEMANDS: dict[str, str | Promise] = {
    "agent.name": _("the name of the person who signs"),
    "agent.email": _("our e-mail address"),
    "agent.phone": _("our telephone number"),
    "agent.postal": _("our postal address"),
    "agent.contact": _("a way to reach us"),
    "org.name": _("the name of the organisation"),
    "notice.statute_citation": _("the law, with its section"),
    "notice.accuracy_statement": _("a statement that all is accurate"),
    "notice.reasons": _("reasons"),
    "notice.legal_basis": _("the legal basis"),
    "notice.workspace_url": _("the address of the workspace"),
    "notice.authority_explanation": _("why we may act for the person"),
    "owner.name": _("the name of the owner of the copyright"),
    "requester.identity": _("the identity of the person who asks"),
    "victim.legal_name": _("the person's legal name"),
    "victim.verification_images": _("pictures to verify the person"),
    "victim.id_document": _("an identity document"),
}
ABOUT_HER = ("owner.", "requester.", "victim.")
FORWARDS: dict[str, str | Promise] = {
    "yes": _("Passes on what it gets to the person who posted"),
    "optional": _("Passes on what it gets unless told not to"),
    "no": _("Says that it passes nothing on"),
    "unknown": _("Not known whether it passes anything on"),
}
SCOPES: dict[str, str | Promise] = {
    "public_content_only": _("Public content only"),
    "channels_only": _("Channels only, no private chats"),
    "profile_and_channels_only": _("Profiles and channels only"),
}
CONFIDENCE: dict[str, str | Promise] = {
    "high": _("Read at the source"),
    "medium": _("Read in an older or second source"),
    "low": _("Not verified"),
}
TIDA: dict[str, str | Promise] = {
    "covered": _("Covered"),
    "likely": _("Likely covered"),
    "disputed": _("Disputed"),
    "excluded": _("Not covered"),
    "defunct": _("The service has ended"),
}
COOPERATION: dict[str, str | Promise] = {
    "voluntary": _("Acts when asked"),
    "after_authority": _("Acts after an authority asks"),
    "legal_process_only": _("Acts on a warrant only"),
    "none_observed": _("None observed"),
    "unknown": _("Not known"),
}
HASH_SERVICES: dict[str, str | Promise] = {
    "stopncii": "StopNCII",
    "ncmec_tid": "Take It Down",
}
SCANNING: dict[str, str | Promise] = {
    "declared": _("Says that it scans for known material"),
    "none_declared": _("Declares none"),
}
ROLES: dict[str, str | Promise] = {
    "host": _("Host of the material"),
    "search_engine": _("Search engine"),
    "cdn": _("Delivery network"),
    "hosting_provider": _("Hosting provider"),
    "registrar": _("Registrar"),
}


def said(words: dict[str, str | Promise], code: str) -> str:
    return str(words.get(code, code))


def span(value: int, unit: str) -> str:
    """`48 h`, `1 month`, `7 business days`, never broken over lines."""
    if unit == "elapsed_hours":
        text = ngettext("%(n)d h", "%(n)d h", value)
    elif unit == "months":
        text = ngettext("%(n)d month", "%(n)d months", value)
    elif unit == "calendar_days":
        text = ngettext("%(n)d day", "%(n)d days", value)
    else:
        text = ngettext("%(n)d business day", "%(n)d business days", value)
    return (text % {"n": value}).replace(" ", "\u00a0")
