from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        for module in ("notices.following", "notices.looking", "notices.reminding.listening"):
            import_module(module)  # connects the receivers, in this order
