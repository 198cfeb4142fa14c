"""People at their browsers: real requests, each with the time it took and what came back."""

import http.client
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Thread
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from cases.models import TimelineEvent

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')
NO_ANSWER = 0


@dataclass(frozen=True)
class Answer:
    status: int
    text: str = ""
    seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        return json.loads(self.text) if self.text.startswith("{") else {}

    @property
    def token(self) -> str:
        found = TOKEN.search(self.text)
        return found[1] if found else ""

    @property
    def version(self) -> str:
        found = VERSION.search(self.text)
        return found[1] if found else ""


class Browser:
    """One signed-in person. `get` and `post` never raise: no answer is an answer too."""

    def __init__(self, port: int, person: Any) -> None:
        session = Client()
        session.force_login(person)
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session.session.session_key}"
        self.port = port
        self.token = ""

    def get(self, path: str) -> Answer:
        answer = self._ask("GET", path)
        self.token = answer.token or self.token
        return answer

    def post(self, path: str, **fields: object) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields}, doseq=True)
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": self.cookie, "Origin": f"http://localhost:{self.port}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return ask(self.port, path, method, body, headers)


def ask(
    port: int,
    path: str,
    method: str = "GET",
    body: str | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    began = monotonic()
    line = http.client.HTTPConnection("localhost", port, timeout=30)
    try:
        line.request(method, path, body, headers or {})
        came = line.getresponse()
        text = came.read().decode()
    except (OSError, http.client.HTTPException):
        return Answer(NO_ANSWER, seconds=monotonic() - began)
    finally:
        line.close()
    return Answer(came.status, text, monotonic() - began, dict(came.getheaders()))


class Crowd:
    """People who do the same thing over and over, each in a thread: until the block ends, or so
    many times.
    """

    def __init__(self, *acts: Callable[[], Answer]) -> None:
        self.answers: list[tuple[float, Answer]] = []
        self._acts, self._threads, self._over = acts, list[Thread](), Event()

    def __enter__(self) -> "Crowd":
        self._begin(sys.maxsize)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._join()

    def run(self, times: int) -> None:
        self._begin(times)
        self._join()

    def _begin(self, times: int) -> None:
        self._threads = [Thread(target=self._repeat, args=(act, times)) for act in self._acts]
        for thread in self._threads:
            thread.start()

    def _join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _repeat(self, act: Callable[[], Answer], times: int) -> None:
        while times > 0 and not self._over.wait(0.02):
            answer = act()
            self.answers.append((monotonic(), answer))
            times -= 1

    def statuses(self) -> dict[int, int]:
        found = [answer.status for _, answer in self.answers]
        return {status: found.count(status) for status in sorted(set(found))}


class Writer:
    """Somebody who writes notes, and remembers which of them the portal said are saved."""

    def __init__(self, browser: Browser, code: str) -> None:
        self.browser, self.path = browser, f"/cases/{code}/note/"
        self.numbers = count()
        self.saved: list[str] = []
        browser.get(f"/cases/{code}/")

    def __call__(self) -> Answer:
        text = f"note {id(self)} {next(self.numbers)}"
        answer = self.browser.post(self.path, text=text)
        if answer.status == 302:
            self.saved.append(text)
        return answer


def notes() -> list[str]:
    rows = TimelineEvent.objects.filter(kind="note.added")
    return [row.params["text"] for row in rows]


def notes_sums(*writers: Writer) -> dict[str, int]:
    kept = notes()
    said = {text for writer in writers for text in writer.saved}
    return {"lost": len(said - set(kept)), "twice": len(kept) - len(set(kept)), "wrong": 0}
