"""The ten defects that get notices rejected, looked for before anything leaves.

One function a defect, numbered as in the law notes. 1, 2, 4, 5 and 6 block.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from notices.drafting import parts, possible, saying
from notices.drafting.facts import Facts
from notices.drafting.letter import Letter
from notices.drafting.phrases import in_language
from notices.drafting.rendering import begun, clean, fill
from notices.drafting.rows import Level, Row, State
from notices.drafting.values import values_of
from notices.law import ChannelFacts

COPYRIGHT = "copyright"
OURS = ("anyone", "members")


@dataclass(frozen=True, slots=True)
class Defect:
    number: int
    sentence: str
    anchor: str
    blocks: bool = False


def preflight_rows(facts: Facts, letter: Letter) -> list[Row]:
    """Return a row for each defect found; none where the notice is as it should be."""
    return [
        _row(defect, n, facts) for look in LOOKS for n, defect in enumerate(look(facts, letter))
    ]


def _row(defect: Defect, n: int, facts: Facts) -> Row:
    key = f"defect.{defect.number}.{n}"
    level: Level = "required" if defect.blocks else "recommended"
    state: State = "missing" if defect.blocks else "unsure"
    return Row(key, "preflight", "", defect.sentence, level, state, "", defect.anchor,
               defect.sentence, facts.left_out.get(key, ""))  # fmt: skip


def no_item_location(facts: Facts, _letter: Letter) -> Iterator[Defect]:
    """1: a profile, channel or group in place of the post or message."""
    vague = [link for link in facts.links if not link.exact or link.problem]
    if facts.links and len(vague) == len(facts.links):
        yield Defect(1, _("Every link names an account or a group, not the item."), "links", True)
    elif vague:
        yield Defect(1, _("A link names an account or a group, not the item."), "links")
    if any(link.warns for link in facts.links):
        told = _("A link is a folder or a file on a delivery host: add the post that shows it.")
        yield Defect(1, told, "links")


def wrong_channel(facts: Facts, _letter: Letter) -> Iterator[Defect]:
    """2: a channel for another purpose, or none."""
    channel = facts.channel
    if facts.platform.is_gone:
        yield Defect(2, _("This platform does not exist any more."), "ground", True)
    if channel is None:
        yield Defect(2, _("No channel is chosen."), "channel", True)
        return
    if not channel.serves(facts.ground.served_as):
        yield Defect(2, _("This channel does not take notices on this ground."), "channel", True)
    elif (channel.purpose == COPYRIGHT) != facts.is_copyright:
        yield Defect(2, _("This channel is for another kind of notice."), "channel", True)
    if channel.audience not in OURS:
        yield Defect(2, _("This channel is not open to us."), "channel", True)
    if not facts.recipient:
        yield Defect(2, _("A coordinator confirms the address first."), "channel", True)
    yield from _by_the_channel(facts)


def _by_the_channel(facts: Facts) -> Iterator[Defect]:
    channel = facts.channel
    if channel is None:
        return
    yield from _broken(channel, facts)
    has_law_clock = any(clock.is_law for clock in facts.ground.clocks)
    if has_law_clock and channel.starts_statutory_clock == "no":
        yield Defect(2, _("The law's time does not start by this channel."), "channel")
    if not channel.is_open_to(facts.country, facts.is_in_eu):
        told = _("This channel asks for people in: %(places)s.")
        yield Defect(2, told % {"places": ", ".join(channel.geo_gate)}, "channel")
    if channel.audience == "members":
        yield Defect(2, _("Only a member of that workspace can use this channel."), "channel")


def _broken(channel: ChannelFacts, facts: Facts) -> Iterator[Defect]:
    why = channel.trouble_at(facts.recipient)
    if not why:
        return
    told = _("%(why)s: %(address)s. Choose another way.")
    others = [
        other.address
        for other in possible.channels(facts.ground, facts)
        if other.address_is_known and not other.trouble_at(other.address)
    ]
    if others:
        told = _("%(why)s: %(address)s. Choose another way: %(others)s.")
    values = {"why": why, "address": facts.recipient, "others": ", ".join(others[:3])}
    yield Defect(2, told % values, "channel")


def not_the_owner(facts: Facts, _letter: Letter) -> Iterator[Defect]:
    """3: copyright claimed by somebody who did not take the picture; 512(f) makes it costly."""
    if facts.is_copyright and facts.self_taken != "yes" and facts.owns_copyright == "yes":
        told = _("The notice speaks for somebody else who took the picture: check that mandate.")
        yield Defect(3, told, "work")


def statement_missing(facts: Facts, letter: Letter) -> Iterator[Defect]:
    """4: a statement of the law left out or changed."""
    text = _flat(letter.text)
    if not all(_flat(sentence) in text for sentence in _made(facts)):
        told = _("A statement is missing from the letter, or its words were changed.")
        yield Defect(4, told, "statements", True)


def authority_not_stated(facts: Facts, _letter: Letter) -> Iterator[Defect]:
    """5: by what authority the notice is made."""
    if not facts.has_needed_mandate:
        yield Defect(5, _("The letter cannot say by what authority it is sent."), "mandate", True)


def unsigned(facts: Facts, letter: Letter) -> Iterator[Defect]:
    """6: no signature, or one that is not in the letter."""
    name = clean(facts.signer.name)
    if not name or name not in _flat(letter.text):
        yield Defect(6, _("Nobody's name stands under the letter."), "signer", True)


def contact_unusable(facts: Facts, _letter: Letter) -> Iterator[Defect]:
    """7: a mailbox nobody reads, a verification mail nobody clicks."""
    box = facts.reply_address.partition("@")[0].casefold()
    if "noreply" in box.replace("-", "").replace("_", ""):
        yield Defect(7, _("The reply address looks like one that nobody reads."), "organisation")
    if facts.channel and facts.channel.email_verification_required:
        told = _("They send a mail to verify; the report waits until its link is opened.")
        yield Defect(7, told, "channel")


def bundled(facts: Facts, _letter: Letter) -> Iterator[Defect]:
    """8: too many items in one notice, several workspaces, or the same again too soon."""
    channel = facts.channel
    if channel is None:
        return
    if channel.max_items is not None and len(facts.links) > channel.max_items:
        told = _("At most %(n)d in one notice here: split it.") % {"n": channel.max_items}
        yield Defect(8, told, "links")
    if channel.one_workspace_per_notice and len({link.workspace for link in facts.links}) > 1:
        yield Defect(8, _("One workspace a notice: split it."), "links")
    if any(link.in_open_notice for link in facts.links):
        yield Defect(8, _("A link already stands in an open notice."), "links")
    if facts.hours_since_last is not None and facts.hours_since_last < channel.min_gap_hours:
        told = _("The last message about this left less than %(n)d hours ago.")
        yield Defect(8, told % {"n": channel.min_gap_hours}, "links")


def not_shown(facts: Facts, _letter: Letter) -> Iterator[Defect]:
    """9: neither the law nor the lack of consent is shown."""
    if facts.is_copyright:
        return
    if not saying.context_sentences(facts) and not facts.ground.element("context_facts"):
        yield Defect(
            9, _("One fact about the lack of consent makes it harder to refuse."), "context"
        )
    offence = parts.offence_of(facts)
    if offence is not None and not offence.article:
        yield Defect(9, _("The article of the law is not named."), "country")


def unprocessable(facts: Facts, letter: Letter) -> Iterator[Defect]:
    """10: a language, a link or a place that they do not process."""
    channel = facts.channel
    if channel and channel.languages and letter.language not in channel.languages:
        told = _("They read: %(languages)s.") % {"languages": ", ".join(channel.languages)}
        yield Defect(10, told, "language")
    if facts.language != letter.language:
        told = _("The letter is in English: no reviewed text in the chosen language exists.")
        yield Defect(10, told, "language")
    if any(link.looks_gone for link in facts.links):
        yield Defect(10, _("A link looked gone at the last check."), "links")
    if any(link.is_private or link.kind == "invite" for link in facts.links):
        told = _("A link leads to a private place that outsiders cannot open.")
        yield Defect(10, told, "links")


LOOKS: tuple[Callable[[Facts, Letter], Iterator[Defect]], ...] = (
    no_item_location, wrong_channel, not_the_owner, statement_missing, authority_not_stated,
    unsigned, contact_unusable, bundled, not_shown, unprocessable,
)  # fmt: skip


def _made(facts: Facts) -> list[str]:
    """Return the statements that the author makes, as they must stand in the letter."""
    values = values_of(facts, in_language(facts.language))
    made = (one for one in saying.statements_of(facts) if saying.is_made(one, facts))
    return [begun(fill(one.text, values)) for one in made]


def _flat(text: str) -> str:
    return " ".join(text.split())
