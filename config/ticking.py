"""Beat, which does a tick's work itself while no broker takes the order for it."""

import logging
from typing import Any

from celery.beat import ScheduleEntry, Scheduler, SchedulingError
from celery.result import AsyncResult
from django.db import close_old_connections

from config import heartbeats

logger = logging.getLogger(__name__)


class Ticker(Scheduler):  # type: ignore[misc]
    """Workers do the ticks. Without a broker to reach them by, mail must leave all the same.

    Every tick claims what it does in the database, so that one done here and one done by a worker
    at the same time is one done. When it last ran is kept in no file: one that is damaged, or that
    a full disk does not take, would keep beat from starting.
    """

    @property
    def producer(self) -> Any:
        """Return a way to publish that connects when it is used, and gives up soon."""
        return self.Producer(self.connection, auto_declare=False)

    def apply_async(
        self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **given: Any
    ) -> AsyncResult | None:
        try:
            return super().apply_async(entry, producer=producer, advance=advance, **given)
        except SchedulingError:
            logger.warning("broker.unreachable, beat does %s itself", entry.task)
            self._forget_connection()
            self._do(entry.task)
        return None

    def _do(self, name: str) -> None:
        """Do a tick here, with the signs of life that it leaves at a worker's."""
        close_old_connections()
        heartbeats.stood_in()
        try:
            self.app.tasks[name].apply()
        finally:
            close_old_connections()

    def _forget_connection(self) -> None:
        """Let the next tick connect anew: a connection that failed once would fail for ever."""
        connection = self.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()
