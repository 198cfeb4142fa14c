"""The project's settings with made-up keys, and what makes tests quick and quiet."""

import os
import tempfile

if "VAR_DIR" not in os.environ:
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="recourse-tests-")
# Taken out of the environment: a program that a test starts is told where to work by that test.
if worker := os.environ.pop("PYTEST_XDIST_WORKER", ""):
    os.environ["VAR_DIR"] += f"/{worker}"
    os.makedirs(os.environ["VAR_DIR"], mode=0o700, exist_ok=True)
    if brokers := os.environ.get("REDIS_URLS", "").split():
        os.environ["REDIS_URL"] = brokers[int(worker.removeprefix("gw")) % len(brokers)]
os.environ.setdefault("SECRET_KEY", "tests-only-" + "k" * 48)
os.environ.setdefault(
    "KEYRING",
    "tests AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=,"
    "index HxAREhMUFRYXGBkaGxwdHh8AAQIDBAUGBwgJCgsMDQ4=",
)

from config.settings import *  # noqa: F403, E402 - the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = False

# Where bin/test keeps databases that it migrated once, for all its parts and processes to copy.
MIGRATED = os.environ.get("MIGRATED", "")
if MIGRATED and "DATABASE_URL" in os.environ:
    for database in DATABASES.values():  # noqa: F405
        database["TEST"] = {"TEMPLATE": database["NAME"]}
