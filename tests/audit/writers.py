"""Eight processes write audit entries at once; prints how many entries and which faults there are.

`python -m tests.audit.writers ENTRIES_EACH`, on the database of the environment.
"""

import os
import sys
from collections.abc import Sequence

import django

PROCESSES = 8


def write(entries: int) -> None:
    from django.db import transaction

    from audit import chain
    from core import clock

    for number in range(entries):
        with transaction.atomic():
            chain.record("case.viewed", None, None, at=clock.now(), n=number)


def at_once(entries: int) -> Sequence[int]:
    """Fork the writers; none begins before all are there."""
    from django.db import connections

    connections.close_all()
    hold, go = os.pipe()
    pids = []
    for _ in range(PROCESSES):
        pid = os.fork()
        if not pid:
            code = 1
            try:
                os.close(go)
                os.read(hold, 1)
                write(entries)
                code = 0
            finally:
                os._exit(code)
        pids.append(pid)
    os.close(go)
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]


def main() -> None:
    django.setup()
    from django.core.management import call_command

    from audit import chain
    from audit.models import AuditEntry

    call_command("migrate", "audit", verbosity=0)
    codes = at_once(int(sys.argv[1]))
    faults = [fault.sentence for fault in chain.verify()]
    print(AuditEntry.objects.count(), codes.count(0), faults)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
