"""A line between two programs that breaks where a test wants it to."""

import socket
import threading
from contextlib import suppress


class BreakingLine:
    """Passes on what is said to `port`; each connection ends after so many bytes of answers."""

    def __init__(self, port: int, limits: list[int]) -> None:
        """`limits` are for one connection after the other; after the last one none breaks."""
        self.target = port
        self.limits = limits
        self.broken = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                limit = self.limits.pop(0) if self.limits else 0
                far = socket.create_connection(("127.0.0.1", self.target))
                threading.Thread(target=self._pass, args=(near, far, 0), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, limit), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, limit: int) -> None:
        passed = 0
        with suppress(OSError):
            while piece := source.recv(min(4096, limit - passed) if limit else 4096):
                target.sendall(piece)
                passed += len(piece)
                if limit and passed >= limit:
                    self.broken += 1
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
