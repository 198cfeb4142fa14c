"""From a notice to the exact bytes that a reviewer says yes to. Slow: never in a transaction."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from cases import mandates
from cases.states import MandateField, Purpose
from core import codes
from core.errors import RuleBroken
from notices import drafting, letters
from notices.drafting import Facts, Letter
from notices.facts import acting_mandate, of_notice, reply_address
from notices.models import Approval, Notice

# Neutral on purpose: the name in an inbox must not tell what the mail is about.
FROM_NAME = "Casework team"


def approval_of(notice: Notice, approver: User, at: datetime) -> Approval:
    """Render the notice as it stands and return the approval, not stored yet."""
    facts = of_notice(notice, at)
    if facts.channel is None:
        raise RuleBroken(_("No channel is chosen."))
    letter = drafting.compose(facts)
    message_id = new_message_id()
    is_mail = facts.channel.is_mail
    envelope = envelope_to(facts.recipient, notice, message_id, at) if is_mail else None
    bytes_ = letters.freeze(letter, facts.channel, envelope)
    leaving = drafting.leaves(facts)
    return Approval(
        case=notice.case,
        notice=notice,
        notice_version=notice.version,
        approver=approver,
        at=at,
        mime=bytes_.mime,
        pdf=bytes_.pdf,
        text=bytes_.text,
        mime_sha256=bytes_.mime_sha256,
        pdf_sha256=bytes_.pdf_sha256,
        message_id=message_id,
        reply_token=notice.reply_token,
        recipient=facts.recipient if facts.channel.is_mail else "",
        fields=fields(letter, facts),
        items=drafting.sent_codes(facts),
        about_person=any(
            row.about_person and row.code.startswith("person.") and not row.stays_here
            for row in leaving
        ),
        mandate_id=_mandate_id(notice, facts),
    )


def fields(letter: Letter, facts: Facts) -> list[list[str]]:
    """Return what goes into a form: (label, value, what it is for)."""
    if facts.channel is None or facts.channel.is_mail:
        return []
    found = letters.form_fields(letter, facts, facts.channel)
    return [[field.label, field.value, field.why] for field in found]


def header(facts: Facts, letter: Letter) -> list[tuple[str, str]]:
    """Return the lines that stand above the letter in the mail, for reading."""
    organisation = Organisation.current() or Organisation()
    channel = facts.channel
    if channel is None or not channel.is_mail:
        to = channel.address if channel and channel.address_is_known else ""
        return [(_("To"), facts.platform.name), (_("By"), to), (_("Subject"), letter.subject)]
    return [
        (_("To"), facts.recipient or _("address to be confirmed")),
        (_("From"), f"{FROM_NAME} <{organisation.role_mailbox}>"),
        (_("Reply to"), facts.reply_address),
        (_("Subject"), letter.subject),
    ]


def pdf_of(notice: Notice, at: datetime) -> bytes:
    """Return the approved PDF, or, of a draft, the one it would be now."""
    approval = notice.approvals.filter(voided_at=None).first()
    if approval is not None:
        return approval.pdf
    return letters.render_pdf(drafting.compose(of_notice(notice, at)))


def new_message_id() -> str:
    """Return a number for a mail. Raises RuleBroken before the organisation is set up."""
    organisation = Organisation.current()
    if organisation is None:
        raise RuleBroken(_("The organisation is not set up yet, so nothing can be sent."))
    return f"<{codes.new_token()}@{organisation.reply_domain}>"


def envelope_to(
    recipient: str, notice: Notice, message_id: str, at: datetime, in_reply_to: str = ""
) -> letters.Envelope:
    """Return from whom and to whom a mail about this notice goes; answers belong to the notice."""
    organisation = Organisation.current() or Organisation()
    return letters.Envelope(
        from_name=FROM_NAME,
        from_address=organisation.role_mailbox,
        to_address=recipient,
        reply_to=reply_address(notice, organisation),
        message_id=message_id,
        date=at.astimezone(organisation.local_zone()),
        in_reply_to=in_reply_to,
    )


def _mandate_id(notice: Notice, facts: Facts) -> UUID | None:
    """Return the mandate that the letter rests on: if it goes, the letter goes."""
    held = list(notice.case.mandates.all())
    key, day = notice.platform.key, facts.on_day
    if facts.disclosed:
        naming = mandates.covers(held, Purpose.NAME, key, MandateField.LEGAL_NAME, day)
        return naming.pk if naming else None
    if facts.is_copyright and facts.self_taken != "yes":
        owner = mandates.written(held, Purpose.COPYRIGHT, key, day)
        return owner.pk if owner else None
    acting = acting_mandate(held, key, notice.ground, day)
    return acting.pk if acting else None
