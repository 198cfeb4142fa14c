"""Twenty-four observed communities: counts over three days of looking, rules of entry, moves."""

from datetime import date, datetime, timedelta

from core import blind
from insights.demo.cast import Cast
from platforms.models import Community, Count, Move, Platform

# platform, name, members at three looks, language. The largest is the one of the source article.
SEEN: tuple[tuple[str, str, tuple[int, int, int], str], ...] = (
    ("telegram", "Blue Lantern", (402_118, 741_930, 997_236), "it"),
    ("telegram", "Blue Lantern reserve", (0, 18_240, 61_004), "it"),
    ("telegram", "Night Ferry", (88_410, 131_002, 240_611), "it"),
    ("telegram", "Paper Kites", (51_900, 77_214, 150_380), "it"),
    ("telegram", "Tin Roof", (40_022, 61_874, 118_245), "it"),
    ("telegram", "Side Street", (31_540, 52_118, 97_430), "it"),
    ("telegram", "Cold Harbour", (22_018, 38_772, 81_206), "fr"),
    ("telegram", "Stone Bridge", (17_220, 30_114, 66_903), "nl"),
    ("telegram", "Glass Elevator", (12_004, 22_870, 50_218), "es"),
    ("telegram", "Second Floor", (9_118, 16_455, 31_772), "it"),
    ("telegram", "Copper Wire", (7_420, 12_908, 27_115), "de"),
    ("telegram", "Old Depot", (5_310, 9_004, 18_220), "fr"),
    ("telegram", "Quiet Corner", (2_114, 4_870, 9_931), "it"),
    ("telegram", "Low Tide", (1_200, 2_980, 6_404), "it"),
    ("slack", "Orchard workspace", (100, 100, 0), "en"),
    ("slack", "Orchard annex", (50, 50, 0), "en"),
    ("discord", "Orchard server", (310, 0, 0), "en"),
    ("discord", "Pine Room", (820, 1_150, 0), "en"),
    ("discord", "Harbour Lights", (140, 180, 210), "fr"),
    ("anon-ib", "Board /dem/", (0, 0, 0), "en"),
    ("reddit", "r/demo_swaps", (4_200, 5_310, 5_900), "en"),
    ("tumblr", "demo-swap-blog", (1_900, 1_870, 0), "en"),
    ("whatsapp", "Weekend group", (212, 240, 256), "nl"),
    ("wickr", "Closed room", (60, 0, 0), "en"),
)  # fmt: skip
RULE = "Whoever wants to see has to share first; a moderator checks."


def observe(cast: Cast, until: datetime) -> dict[str, Community]:
    """Make the communities with their counts, and return them by name."""
    days = [(until - timedelta(days=ago)).date() for ago in (280, 190, 10)]
    made = {}
    for number, (platform, name, counts, language) in enumerate(SEEN, 1):
        made[name] = _community(number, platform, name, language, days[0], cast)
        for day, members in zip(days, counts, strict=True):
            if members:
                Count.objects.create(
                    community=made[name],
                    seen_on=day,
                    members=members,
                    active=True,
                    observer=cast.coordinator,
                )
    _end(made, days)
    _moves(made, days, cast)
    return made


def _community(
    number: int, platform: str, name: str, language: str, day: date, cast: Cast
) -> Community:
    return Community.objects.create(
        code=f"G-{number:03d}",
        platform=Platform.objects.get(key=platform),
        name=name,
        name_index=blind.index("community", name),
        kind="workspace" if platform == "slack" else "group",
        rule_of_entry=RULE if name.startswith("Orchard") else "",
        language=language,
        first_seen_on=day,
        added_by=cast.coordinator,
        backup_link="https://t.me/+demoReserve" if name == "Blue Lantern" else "",
    )


def _end(made: dict[str, Community], days: list[date]) -> None:
    for name, cause in (
        ("Orchard workspace", "Removed the day after a newspaper passed it on"),
        ("Orchard annex", "Removed the day after a newspaper passed it on"),
        ("Orchard server", "Banned by the platform"),
        ("Pine Room", "Banned by the platform"),
        ("Board /dem/", "Seized by the police"),
        ("demo-swap-blog", "Removed by the platform"),
        ("Closed room", "The service was shut down"),
    ):
        community = made[name]
        community.state, community.end_cause, community.closed_on = "closed", cause, days[1]
        community.save(update_fields=["state", "end_cause", "closed_on"])


def _moves(made: dict[str, Community], days: list[date], cast: Cast) -> None:
    for start, end, kind, evidence in (
        ("Board /dem/", "Orchard server", "invites_to", "An invitation in thread 4471"),
        ("Orchard server", "Orchard workspace", "successor_of",
         "Pinned: today's goal is to make the old place look bad"),
        ("Orchard workspace", "Orchard annex", "shares_admin", "The same two moderators"),
        ("Blue Lantern", "Blue Lantern reserve", "backup_of", "A pinned message names the reserve"),
        ("r/demo_swaps", "Closed room", "invites_to", "Posts name accounts to write to"),
    ):  # fmt: skip
        Move.objects.create(
            from_community=made[start],
            to_community=made[end],
            kind=kind,
            moved_on=days[1],
            evidence=evidence,
            certainty="certain" if kind == "successor_of" else "probable",
            seen_by=cast.coordinator,
        )
