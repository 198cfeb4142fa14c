"""What the page about one reply shows; each part is worked out when it is asked for."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import cached_property

from django.utils.dateparse import parse_datetime

from accounts.access import may, reach
from accounts.models import User
from notices import answers
from notices.answers import Answer
from notices.drafting import Facts
from notices.facts import of_notice
from notices.models import Message
from notices.reading.kinds import NOT_RECEIVED
from notices.replies import belonging, demands, filing, proposing, senders, words
from notices.replies.lists import SUGGESTED_FROM
from notices.states import Genuineness
from platforms.models import Channel

ADD_TICKET = "add_ticket"
# A mail may be a megabyte; what is longer than this is read on request.
SHOWN_CHARACTERS = 20_000
# What a thread shows of a mail before it is unfolded.
BEGINNING = 400


@dataclass
class Reply:
    """One reply as this person sees it at this moment."""

    message: Message
    user: User
    at: datetime
    whole: bool = False

    @property
    def is_waiting(self) -> bool:
        return self.message.filed_at is None and self.message.set_aside_at is None

    @cached_property
    def may_file(self) -> bool:
        if self.message.notice is not None:
            return may(self.user, "reply.file", self.message.notice)
        return reach(self.user, "reply.file") == "all"

    @property
    def is_forged(self) -> bool:
        return self.message.genuineness == Genuineness.FORGED

    @property
    def is_after_closing(self) -> bool:
        """Whether it came when its notice was over; it is kept and filed like any other."""
        return self.message.came_after_closing

    @property
    def is_likely(self) -> bool:
        return (self.message.confidence or 0) >= SUGGESTED_FROM

    @property
    def likelihood(self) -> str:
        return words.likelihood(self.message.confidence, self.message.reasons)

    @property
    def why_here(self) -> str:
        return words.reasons(self.message.reasons)

    @cached_property
    def proposal(self) -> Answer | None:
        return proposing.proposal_of(self.message)

    @property
    def filed(self) -> Answer | None:
        return answers.answers().get(self.message.answer)

    @property
    def next_step(self) -> str:
        """Return what the filing asks somebody to do; "" where nothing follows, or it is done."""
        known = self.filed
        if known is None or (known.opens == ADD_TICKET and self.message.details.get("ticket")):
            return ""
        return answers.next_steps().get(known.opens, "")

    @property
    def phrase(self) -> str:
        return proposing.phrase_read(self.message) if self.is_waiting else ""

    @property
    def because(self) -> str:
        """The phrase as a sentence of ours may quote it."""
        return self.phrase.rstrip(" .!")

    @property
    def says_never_received(self) -> bool:
        read = NOT_RECEIVED in self.message.reading.get("reasons", ())
        return self.message.notice is not None and read and not self.is_forged

    @property
    def tickets(self) -> list[str]:
        return proposing.tickets_read(self.message)

    @property
    def waits_until(self) -> datetime | None:
        """Until when they ask us to wait, as it was filed."""
        return parse_datetime(self.message.details.get("estimate_until", ""))

    @property
    def promises(self) -> list[str]:
        """The sentences in which they say how long it takes."""
        return proposing.promises_read(self.message)

    @cached_property
    def text(self) -> str:
        text = self.message.text
        return text if self.whole else text[:SHOWN_CHARACTERS]

    @cached_property
    def quoted(self) -> str:
        quoted = self.message.quoted
        return quoted if self.whole else quoted[:SHOWN_CHARACTERS]

    @property
    def is_short(self) -> bool:
        return len(self.text) <= BEGINNING

    @property
    def beginning(self) -> str:
        return self.text if self.is_short else f"{self.text[:BEGINNING]} …"

    @property
    def is_cut(self) -> bool:
        most = max(len(self.message.text), len(self.message.quoted))
        return not self.whole and most > SHOWN_CHARACTERS

    @property
    def verdicts(self) -> list[tuple[str, str]]:
        return words.verdicts(self.message.verdicts)

    @property
    def suspect(self) -> str:
        return words.signs(self.message.verdicts.get("signs") or ())

    @property
    def signed_by(self) -> str:
        return str(self.message.verdicts.get("domain") or "")

    @property
    def sender_address(self) -> str:
        return parseaddr(self.message.sender)[1] or self.message.sender

    @property
    def message_id(self) -> str:
        return str(self.message.reading.get("message_id") or "")

    @property
    def dropped(self) -> str:
        return words.dropped(self.message.mail.dropped) if self.message.mail else ""

    @property
    def may_detach(self) -> bool:
        return belonging.may_be_detached(self.message, self.at)

    @property
    def may_unfile(self) -> bool:
        return filing.may_be_unfiled(self.message, self.at)

    @property
    def is_deaf(self) -> bool:
        """Whether nobody reads what is answered to this address: it says so, or the mail does."""
        answered = self.message.reading.get("can_be_answered", True)
        return not answered or senders.is_deaf(self.message.sender)

    @cached_property
    def right_channel(self) -> Channel | None:
        notice = self.message.notice
        return senders.right_channel(notice, self.at) if notice is not None else None

    @cached_property
    def demand(self) -> demands.Demand | None:
        """What can be done about a demand for the person's identity, where this is one."""
        if self.message.answer not in demands.DEMANDS or self._facts is None:
            return None
        return demands.of(self.message, self.user, self._facts)

    @cached_property
    def ready_answer(self) -> str:
        """The sentence that our catalogue has as an answer to this, filled in; "" for none."""
        known = self.filed
        if known is None or not known.reply or self._facts is None:
            return ""
        return demands.filled(known.reply, self._facts)

    @cached_property
    def _facts(self) -> Facts | None:
        notice = self.message.notice
        return of_notice(notice, self.at) if notice is not None else None
