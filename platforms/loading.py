"""From the data files to the database: all of it or nothing, twice the same as once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, TypeVar

from django.db import models, transaction

import audit.chain
from platforms import checks
from platforms.catalogue import files, platform_specs
from platforms.catalogue.files import DataFile
from platforms.catalogue.specs import ChannelSpec, PlatformSpec
from platforms.models import CatalogueVersion, Channel, Platform

Row = TypeVar("Row", bound=models.Model)


class CatalogueRefused(Exception):
    """The files break rules; nothing was changed. `lines` says where, one mistake a line."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Loaded:
    counts: Mapping[str, int]
    version: CatalogueVersion
    is_new: bool


def load(at: datetime) -> Loaded:
    """Load the files that the program was delivered with."""
    try:
        return load_files(files.read_all(), at)
    except (files.Unreadable, OSError) as mistake:
        raise CatalogueRefused([str(mistake)]) from mistake


def load_files(read: Mapping[str, DataFile], at: datetime) -> Loaded:
    """Check the read files and make them the catalogue; CatalogueRefused when they break a rule."""
    catalogue = checks.Catalogue(read)
    mistakes = checks.broken_rules(catalogue)
    if mistakes:
        raise CatalogueRefused([str(mistake) for mistake in mistakes])
    counts = checks.counts(catalogue)
    with transaction.atomic():
        _store(platform_specs(catalogue.root("platforms")))
        version, is_new = _version(read, counts, at)
        if is_new:
            audit.chain.record("catalogue.loaded", None, version, at=at, digest=version.digest)
    return Loaded(counts, version, is_new)


def _store(specs: list[PlatformSpec]) -> None:
    platforms = {row.key: row for row in Platform.objects.select_for_update()}
    channels = {row.key: row for row in Channel.objects.select_for_update()}
    for spec in specs:
        platform = _save(platforms.pop(spec.key, Platform(key=spec.key)), _columns(spec))
        for channel in spec.channels:
            row = channels.pop(channel.id, Channel(key=channel.id))
            _save(row, {**_channel_columns(channel), "platform_id": platform.pk})
    for gone in (*platforms.values(), *channels.values()):
        _save(gone, {"retired": True})


def _save(row: Row, values: Mapping[str, Any]) -> Row:
    """Write what differs, and nothing when nothing does."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if row._state.adding:
        row.save(force_insert=True)
    elif changed:
        row.save(update_fields=changed)
    return row


def _columns(spec: PlatformSpec) -> dict[str, Any]:
    names = (
        "name",
        "role",
        "service_status",
        "ended_on",
        "cooperation",
        "tida_coverage",
        "status_is_telling",
    )
    return {
        **{name: getattr(spec, name) for name in names},
        "family": spec.family or "",
        "operator": spec.operator or "",
        "facts": dict(spec.facts),
        "retired": False,
    }


def _channel_columns(spec: ChannelSpec) -> dict[str, Any]:
    names = (
        "purpose",
        "medium",
        "address",
        "audience",
        "chase",
        "min_gap_hours",
        "conf",
        "seen",
        "review_after",
    )
    return {
        **{name: getattr(spec, name) for name in names},
        "grounds": list(spec.grounds),
        "starts_statutory_clock": spec.starts_statutory_clock or "",
        "facts": {**spec.facts, "source": list(spec.source)},
        "retired": False,
    }


def _version(
    read: Mapping[str, DataFile], counts: Mapping[str, int], at: datetime
) -> tuple[CatalogueVersion, bool]:
    digest = sha256("".join(read[stem].digest for stem in sorted(read)).encode()).hexdigest()
    newest = CatalogueVersion.newest()
    if newest is not None and newest.digest == digest:
        return newest, False
    as_of: date = max(file.root["as_of"] for file in read.values())
    version = CatalogueVersion(digest=digest, as_of=as_of, counts=dict(counts), loaded_at=at)
    version.save(force_insert=True)
    return version, True
