"""What the platform pages show of a platform, worked out once for the template."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery

from platforms import words
from platforms.catalogue import authorities, families, sources
from platforms.catalogue.brief import grounds_in_brief
from platforms.models import Channel, ChannelEdit, ChannelTrouble, Community, Count, Platform
from platforms.ways import Way

# The order in which somebody in need of help looks for a way.
ORDER = tuple(words.PURPOSES)


def for_pages() -> QuerySet[Platform]:
    """Platforms with all that their pages read, in four queries however many they are."""
    edits = ChannelEdit.objects.select_related("proposed_by", "confirmed_by")
    channels = Channel.objects.filter(retired=False).prefetch_related(
        Prefetch("edits", edits),
        Prefetch("troubles", ChannelTrouble.objects.filter(cleared_at=None)),
    )
    return Platform.objects.filter(retired=False).prefetch_related(Prefetch("channels", channels))


def communities_of(platform: Platform) -> QuerySet[Community]:
    """The communities seen there, the largest of now first, with their latest count."""
    latest = Count.objects.filter(community=OuterRef("pk")).order_by("-seen_on")
    return platform.communities.annotate(
        members=Subquery(latest.values("members")[:1]),
        counted_on=Subquery(latest.values("seen_on")[:1]),
    ).order_by("state", F("members").desc(nulls_last=True), "code")


@dataclass(frozen=True)
class Profile:
    """A platform on a day, for one reader: volunteers are not shown authorities' channels."""

    platform: Platform
    on: date
    shows_authorities: bool

    @cached_property
    def ways(self) -> list[Way]:
        rows = [
            Way(channel, self.on)
            for channel in self.platform.channels.all()
            if self.shows_authorities or channel.audience != "authorities"
        ]
        return sorted(rows, key=_rank)

    @cached_property
    def usable(self) -> list[Way]:
        """The ways in which a notice can leave now."""
        if not self.platform.takes_notices:
            return []
        return [way for way in self.ways if way.grounds and not way.is_to_be_confirmed]

    @property
    def accepts(self) -> list[str]:
        return list(dict.fromkeys(way.medium for way in self.usable))

    @property
    def limits(self) -> list[tuple[str, list[str]]]:
        """Each legal limit with the grounds that have it, the shortest first."""
        grounds = {ground.id: ground for way in self.ways for ground in way.grounds}
        found: dict[str, list[str]] = {}
        for ground in sorted(grounds.values(), key=lambda ground: ground.in_hours):
            if ground.value is not None:
                found.setdefault(ground.limit, []).append(ground.name)
        return list(found.items())

    @property
    def demands_about_her(self) -> list[str]:
        codes = [code for way in self.ways for code in way.asked_codes]
        hers = [code for code in codes if code.startswith(words.ABOUT_HER)]
        return [words.said(words.DEMANDS, code) for code in dict.fromkeys(hers)]

    @property
    def seen_on(self) -> date | None:
        days = [way.seen_on for way in self.usable if way.seen_on and not way.is_unverified]
        return max(days, default=None)

    @property
    def is_unverified(self) -> bool:
        return self.platform.takes_notices and self.seen_on is None

    @property
    def is_due_for_review(self) -> bool:
        return any(way.is_due_for_review for way in self.usable)

    @property
    def pending_count(self) -> int:
        return sum(len(way.proposals) for way in self.ways)

    @property
    def in_trouble(self) -> bool:
        return any(way.trouble for way in self.usable)

    @property
    def family(self) -> str:
        return families().get(self.platform.family, "")

    @property
    def role(self) -> str:
        return words.said(words.ROLES, self.platform.role)

    @property
    def cooperation(self) -> str:
        return words.said(words.COOPERATION, self.platform.cooperation)

    @property
    def cooperation_source(self) -> str:
        return self._title(self.platform.facts.get("cooperation_source"))

    @property
    def tida(self) -> str:
        return words.said(words.TIDA, self.platform.tida_coverage)

    @property
    def scanning(self) -> str:
        found = self.platform.facts.get("scanning")
        return words.said(words.SCANNING, found["value"]) if found else ""

    @property
    def hash_services(self) -> str:
        codes = self.platform.facts.get("hash_services", ())
        return ", ".join(words.said(words.HASH_SERVICES, code) for code in codes)

    @property
    def hash_sources(self) -> str:
        return "; ".join(self._title(code) for code in self.platform.facts.get("hash_source", ()))

    @property
    def coordinator(self) -> str:
        """The Digital Services Coordinator of the country in which it is established."""
        entity = self.platform.facts.get("eu_entity") or {}
        authority = authorities().get(entity.get("dsc", ""))
        return authority.name if authority else ""

    @property
    def no_route(self) -> list[tuple[str, str]]:
        known = grounds_in_brief()
        missing = self.platform.facts.get("no_route") or {}
        return [(known[key].name if key in known else key, why) for key, why in missing.items()]

    def _title(self, code: str | None) -> str:
        source = sources().get(code or "")
        return source.title if source else ""


def _rank(way: Way) -> tuple[int, bool, bool, bool, str]:
    return (
        ORDER.index(way.channel.purpose),
        way.trouble is not None,
        way.is_to_be_confirmed,
        way.is_unverified,
        way.channel.key,
    )
