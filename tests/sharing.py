"""How processes share the tests that drive real programs: `pytest -n 2 --dist loadscope`."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = "tests/faults/"


class FaultsTogether(LoadScopeScheduling):  # type: ignore[misc]
    """One process takes all faults, which measure time and stop servers; the rest goes one by one.

    The largest scope is handed out first, so the faults begin at once.
    """

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else nodeid
