"""Facts of invented notices: complete unless a test takes something away."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import yaml

from notices import law
from notices.drafting.facts import (
    Facts,
    LinkFact,
    MandateFacts,
    Organisation,
    Signer,
    Work,
)
from notices.law import ChannelFacts, PlatformFacts

CATALOGUE = Path(__file__).resolve().parents[2] / "platforms" / "catalogue" / "platforms.yaml"
TODAY = date(2026, 11, 21)
POST = LinkFact(
    url="https://pictures.example/post/18207", kind="post", exact=True, seen_on=date(2026, 11, 19)
)
TICKS = frozenset({
    "dmca_good_faith", "dmca_authority", "tida_good_faith", "dsa_bona_fide", "uk_declaration",
    "nonconsent", "gdpr_17", "fair_use_considered", "who_pressed_the_button",
})  # fmt: skip
WRITTEN = MandateFacts("written", date(2026, 11, 18))


def channel(**facts):
    row = {
        "id": "desk", "purpose": "ncii", "grounds": ["us-tida-s3"], "medium": "email",
        "address": "desk@platform.example", "starts_statutory_clock": "yes", "languages": ["en"],
        "forwards_complainant_data": "no", "conf": "high", **facts,
    }  # fmt: skip
    return ChannelFacts.from_catalogue(row)


def platform(*channels, **facts):
    known = {
        "key": "pictures", "name": "Pictures", "operator": "Pictures, Inc.",
        "tida_coverage": "covered", "has_eu_entity": True, **facts,
    }  # fmt: skip
    return PlatformFacts(channels=channels, **known)


def facts(ground_id="us-tida-s3", **given):
    """Return facts with which a notice on the ground is complete."""
    ground = law.ground(ground_id)
    purpose = {"us-dmca-512c": "copyright", "us-dmca-512d": "copyright", "eu-gdpr-17": "dpo"}
    desk = given.pop("channel", None) or channel(
        grounds=[ground_id], purpose=purpose.get(ground_id, "ncii")
    )
    role = "search_engine" if ground.addressee == "search_engine" else "host"
    country = {"fr-lcen": "FR", "nl-ntd": "NL", "de-ddg": "DE"}.get(ground_id, "IT")
    known = {
        "code": "K7Q4-2M-1",
        "ground_id": ground_id,
        "platform": platform(desk, role=role),
        "channel": desk,
        "on_day": TODAY,
        "organisation": Organisation(
            "Shelter Office", "12 Example Street, 1000 Brussels", "+32 2 555 01 00"
        ),
        "signer": Signer("Marta Lindqvist", "Case worker"),
        "reply_address": "r-0123456789abcdef0123456789abcdef@reply.example",
        "links": (POST,),
        "country": country,
        "mandate": WRITTEN,
        "self_taken": "yes",
        "work": Work("self_photo", date(2024, 5, 3)),
        "context": ("consent_never_given",),
        "ticks": TICKS,
        **given,
    }
    return Facts(**known)


def platforms():
    """Return every platform of the catalogue, as the program reads it."""
    rows = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["platforms"]
    return tuple(PlatformFacts.from_catalogue(row) for row in rows)


def to_platforms():
    """Return the grounds on which a notice of ours goes to a platform."""
    return tuple(g for g in law.grounds() if g.is_for_platforms and not g.no_channel)


def without(whole, **changes):
    return replace(whole, **changes)
