"""The worker's side of the process that goes out: started when needed, killed when it hangs."""

import json
import os
import select
import subprocess
import sys
from time import monotonic
from types import TracebackType

from django.conf import settings

from cases.checker.visiting import SECONDS, Met

COMMAND = (sys.executable, "-E", "-s", "-m", "cases.checker.egress")
# A resolver that hangs knows no time-out of ours: the process is given up a moment after its own.
PATIENCE = SECONDS + 0.5
STARTING = 5.0
# Where the certificates of the public authorities lie, on machines that say so.
PASSED_ON = ("SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH")


class Egress:
    """Asks for one address at a time. Use as a context manager; never raises for an answer."""

    command: tuple[str, ...] = COMMAND

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Egress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def __call__(self, url: str) -> Met:
        starts = self._process is None
        process = self._process or self._start()
        try:
            line = self._exchange(process, url, PATIENCE + (STARTING if starts else 0))
            return _met(line)
        except (OSError, ValueError, KeyError, TypeError):
            self._end()
            return Met("timeout")
        except BaseException:
            # A job that is cut off here leaves an answer in the pipe: it is no other link's.
            self._end()
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 - our own program, by its own path
            self.command,
            cwd=settings.BASE_DIR,
            env=passed,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        return self._process

    def _exchange(self, process: subprocess.Popen[bytes], url: str, patience: float) -> bytes:
        if process.stdin is None or process.stdout is None:
            raise OSError
        process.stdin.write(json.dumps(url).encode() + b"\n")
        ends, line = monotonic() + patience, b""
        while not line.endswith(b"\n") and len(line) < 1000:
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, ends - monotonic()))
            part = os.read(process.stdout.fileno(), 1000) if ready else b""
            if not part:
                raise TimeoutError
            line += part
        return line

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _met(line: bytes) -> Met:
    told = json.loads(line)
    return Met(str(told["word"])[:20], int(told["rest"]))
