from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Let every app say what the places of the navigation count: all models are loaded now."""
        autodiscover_modules("badges")
