"""Which address is the archive: asked at each mail, because the set-up may have just changed it."""

from django.apps import apps
from django.db import close_old_connections


def archive_address() -> str:
    """Return the organisation's archive address, or an empty text before the first-run set-up."""
    close_old_connections()
    try:
        # By name, because this module is loaded before the models are.
        organisations = apps.get_model("accounts", "Organisation")._default_manager
        return organisations.values_list("archive_address", flat=True).first() or ""
    finally:
        close_old_connections()
