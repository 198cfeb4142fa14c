"""Worker and beat under the supervisor of bin/run, as it runs them: `python -m
tests.faults.supervised`, with its environment from the test.
"""

import os
from pathlib import Path

from launch.environment import ROOT, Ports, Wishes
from launch.run import programs, say
from launch.supervisor import Stopped, Supervisor, watch_signals


def main() -> None:
    watch_signals()
    supervisor = Supervisor(os.environ, ROOT, say)
    wish = Wishes(Path(os.environ["VAR_DIR"]), Ports(0, 0, 0, 0), demo=False, dev=False)
    try:
        for program in programs(wish):
            if program.name in {"worker", "beat"}:
                supervisor.start(program)
        supervisor.watch()
    except Stopped:
        supervisor.stop()


if __name__ == "__main__":
    main()
