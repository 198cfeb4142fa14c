from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Registers the start-up checks and the signs of life; it has no models."""

    name = "config"

    def ready(self) -> None:
        from config import checks, heartbeats, warming  # noqa: F401, PLC0415 - registering needs loaded apps
