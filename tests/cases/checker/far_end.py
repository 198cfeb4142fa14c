"""A far end for the checker: real sockets on loopback, and a way to them that only tests have."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cases.checker.visiting import Way

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class FarEnd:
    """A web server that answers by path, and remembers every request line and header."""

    port: int = 0
    status: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    methods_refused: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.seen.append((handler.command, handler.path, dict(handler.headers.items())))
        refused = handler.command in self.methods_refused
        handler.send_response(405 if refused else self.status.get(handler.path, 200))
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "9")
        handler.end_headers()
        if handler.command == "GET":
            handler.wfile.write(b"forbidden")

    @property
    def lines(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path, _headers in self.seen]

    def way(self, **changes: Any) -> Way:
        """Every name leads here, and here is allowed."""

        def resolve(host: str, port: int) -> list[str]:
            self.asked.append(host)
            return ["127.0.0.1"]

        values = {
            "resolve": resolve,
            "is_allowed": lambda address: address == "127.0.0.1",
            "ports": {80: self.port, 443: self.port},
            **changes,
        }
        return Way(**values)


@contextmanager
def far_end(context: ssl.SSLContext | None = None) -> Iterator[FarEnd]:
    end = FarEnd()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            end.answer(self)

        do_HEAD = do_GET  # noqa: N815 - the name is the method's

        def log_message(self, *args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    end.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield end
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def raw(talk: Callable[[socket.socket], None]) -> Iterator[FarEnd]:
    """A server that says whatever `talk` writes to each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    end, stopped = FarEnd(port=listener.getsockname()[1]), threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                end.seen.append(("", "", {}))
                try:
                    talk(connection)
                except OSError:
                    continue

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield end
    finally:
        stopped.set()
        listener.close()
