"""Whether the carrier of nudges answers: asked quickly, because a page waits for the answer."""

import os
from pathlib import Path

import redis
from django.conf import settings

SECONDS = 0.3


def answers() -> bool:
    return _redis_answers() if settings.REDIS_URL else _folder_is_there()


def _redis_answers() -> bool:
    patience = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **patience) as server:
            return bool(server.ping())
    except (redis.RedisError, OSError):
        return False


def _folder_is_there() -> bool:
    return os.access(Path(settings.VAR_DIR) / "broker" / "queue", os.W_OK)
