"""The project's Celery app with a faster pulse: `celery -A tests.faults.quick worker`.

A fault that is over in seconds need not wait for ticks of fifteen and leases of sixty. PULSE and
LEASE, in seconds, come from the environment; without them everything is as it ships.
"""

import os
from datetime import timedelta

import django

from config.celery import BEAT_TABLE, app

django.setup()

from notices.sending import claiming  # noqa: E402 - the models need Django to be set up

__all__ = ["app"]

if pulse := os.environ.get("PULSE"):
    for row in BEAT_TABLE.values():
        row |= {"schedule": float(pulse), "options": {"expires": 10 * float(pulse)}}
if lease := os.environ.get("LEASE"):
    claiming.LEASE = timedelta(seconds=float(lease))
