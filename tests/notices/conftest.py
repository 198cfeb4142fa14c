"""One case on an invented platform, ready for a notice."""

from typing import Any

import pytest

from cases.models import Case
from tests import factories
from tests.desk import Desk


@pytest.fixture
def desk(frozen: Any, people: Any) -> Desk:
    factories.organisation()
    case: Case = factories.case(people.advocate, country="BE", content_kinds=["photo"])
    factories.mandate(case)
    channel = factories.channel(address="removal@x.example")
    links = [factories.link(case), factories.link(case, "https://x.com/i/status/2222222222")]
    return Desk(case=case, channel=channel, links=links, people=people, at=frozen.now)


@pytest.fixture
def form_channel(desk: Desk) -> Any:
    """A channel that is a form of the platform, for submitting by hand."""
    return factories.channel(
        "x-form", of=desk.channel.platform, medium="web_form",
        address="https://help.x.example/forms/removal",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def quick_press(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Print no PDF but where a test is about it: a second each adds up."""
    if "real_press" not in request.fixturenames:
        monkeypatch.setattr("notices.letters.pdf.print_html", lambda html: b"%PDF-1.7 " + b"x" * 9)


@pytest.fixture
def real_press() -> None:
    """Ask for the real printing program."""
