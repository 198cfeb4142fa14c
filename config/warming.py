"""Reading the program's own data files before the first request or job needs them.

Read lazily, the law's files were parsed by the first claim of a worker, for up to a second and
under the locks of a case: whoever saved in that case meanwhile waited.
"""

from typing import Any

from celery.signals import worker_init

from notices import answers, law


def warm() -> None:
    law.grounds()
    law.statements()
    law.context_facts()
    law.offences()
    answers.families()


@worker_init.connect
def _before_the_children_fork(**_: Any) -> None:
    warm()
