# Loaded with the settings, so that a web process publishes through this app and no default one.
from config.celery import app

__all__ = ["app"]
