"""Approved notices as the sending finds them, without the pages that make them."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from cases.models import Case
from core import clock, codes
from notices import delivery as verbs
from notices import lifecycle
from notices.models import Approval, Delivery, DeliveryAttempt, Notice
from notices.states import DeliveryKind
from tests import factories

BODY = "Please remove what these links show.\r\n"


def mail(message_id: str, body: str = BODY, **headers: str) -> bytes:
    lines = {
        "From": "Casework team <notices@harbour.example>",
        "To": "removal@x.example",
        "Subject": "Removal request",
        "Message-ID": message_id,
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return (head + "\r\n" + body).encode()


def case(**fields: Any) -> Case:
    made = factories.case(status="active", **fields)
    factories.mandate(made, form="written")
    return made


def notice(of: Case | None = None, **fields: Any) -> Notice:
    of = of or case()
    number = of.links_made + 1
    link = factories.link(of, f"https://x.com/i/status/{number}{uuid4().int % 10**9}")
    return factories.notice(of, link, status="approved", approved_at=clock.now(), **fields)


def approval(of: Notice, body: str = BODY, **fields: Any) -> Approval:
    message_id = f"<{uuid4().hex}@harbour.example>"
    content = fields.pop("mime", None) or mail(message_id, body)
    values = {
        "notice_version": of.version,
        "approver": factories.user("Rosa Reviewer", "reviewer"),
        "at": clock.now(),
        "mime": content,
        "mime_sha256": hashlib.sha256(content).hexdigest(),
        "pdf_sha256": "",
        "message_id": message_id,
        "reply_token": codes.new_token(),
        "recipient": "removal@x.example",
        **fields,
    }
    return Approval.objects.create(case=of.case, notice=of, **values)


def delivery(of: Notice | None = None, body: str = BODY, **fields: Any) -> Delivery:
    of = of or notice()
    with transaction.atomic():
        return verbs.enqueue(of, approval(of, body, **fields), DeliveryKind.NOTICE, clock.now())


def chased() -> Notice:
    """Return a notice that left four days ago: the clock of its reminder has run out."""
    made = notice()
    approval(made, text=BODY)
    lifecycle.mark_sent(Notice.objects.get(pk=made.pk), clock.now() - timedelta(days=4))
    return made


def log(of: Delivery) -> list[tuple[str, str]]:
    rows = DeliveryAttempt.objects.filter(delivery=of).order_by("number")
    return list(rows.values_list("phase", "code"))
