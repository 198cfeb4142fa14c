"""Gets the databases ready: `python -m launch.prepare`. Prints one JSON line about what is there.

A process of its own, so that the one that watches the others holds no connection.
"""

import hashlib
import json
import os
import sys
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def prepare() -> dict[str, object]:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("migrate", database="keys", verbosity=0, interactive=False)
    _load_catalogue()
    if settings.DEMO and not _has_organisation():
        say("  making demo data, all of it invented")
        call_command("seed_demo", stdout=sys.stderr)
    _collect_static()
    organisations = apps.get_model("accounts", "Organisation")._default_manager
    return {
        "has_organisation": organisations.exists(),
        "is_demo": organisations.filter(is_demo=True).exists(),
        "sign_ins": _sign_ins(),
        "password": import_module("insights.demo.cast").PASSWORD if settings.DEMO else "",
    }


def _has_organisation() -> bool:
    return apps.get_model("accounts", "Organisation")._default_manager.exists()


def _load_catalogue() -> None:
    """Load the catalogue when its files, or the database under it, are not those of last time."""
    files = [*settings.BASE_DIR.glob("platforms/catalogue/**/*.yaml")]
    files += settings.BASE_DIR.glob("notices/grounds/**/*.yaml")
    loaded = apps.get_model("platforms", "Platform")._default_manager.exists()
    stamp = settings.VAR_DIR / "catalogue.stamp"
    if loaded and not _changed(files, stamp):
        return
    call_command("load_catalogue", stdout=sys.stderr)
    stamp.write_text(_fingerprint(files))


def _collect_static() -> None:
    if settings.DEBUG:
        return
    files = [file for file in (settings.BASE_DIR / "static").rglob("*") if file.is_file()]
    files.append(settings.BASE_DIR / "requirements.txt")
    stamp = settings.VAR_DIR / "static.stamp"
    if (settings.STATIC_ROOT / "staticfiles.json").exists() and not _changed(files, stamp):
        return
    say("  collecting style sheets and scripts")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(_fingerprint(files))


def _changed(files: list[Path], stamp: Path) -> bool:
    return not stamp.exists() or stamp.read_text() != _fingerprint(files)


def _fingerprint(files: list[Path]) -> str:
    found = hashlib.sha256()
    for file in sorted(files):
        found.update(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    return found.hexdigest()


def _sign_ins() -> list[tuple[str, str]]:
    """Return address and role of the demo's people, in the order of the roles."""
    if not settings.DEMO:
        return []
    people = apps.get_model("accounts", "User")._default_manager.filter(is_active=True)
    return list(people.order_by("role", "email").values_list("email", "role")[:12])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        print(json.dumps(prepare()))
    except CommandError as refused:
        sys.exit(f"  {refused}")
