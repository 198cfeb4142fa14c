from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        import_module("notices.following")  # connects the receivers
