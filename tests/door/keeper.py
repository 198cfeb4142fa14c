"""A supervisor over the shell commands given as arguments, for tests: name=command …"""

import os
import sys
from pathlib import Path

from launch import supervisor
from launch.supervisor import GaveUp, Program, Stopped, Supervisor, watch_signals


def say(line: str) -> None:
    print(line, flush=True)


def main() -> None:
    supervisor.PATIENCE_SECONDS = 1.0
    logs = Path(os.environ["LOGS"])
    watch_signals()
    keeper = Supervisor(os.environ, logs, say)
    try:
        for argument in sys.argv[1:]:
            name, _, command = argument.partition("=")
            program = Program(name, ["sh", "-c", command], logs / f"{name}.log")
            keeper.start(program)
            say(f"started {name} {program.process.pid if program.process else ''}")
        say("all started")
        keeper.watch()
    except (GaveUp, Stopped) as end:
        say(f"{type(end).__name__}: {end}")
    finally:
        keeper.stop()
        say("stopped")


main()
