"""One case on an invented platform, ready for a notice."""

from types import SimpleNamespace
from typing import Any

import pytest

from cases.models import Case
from notices import approving, editing, lifecycle, plan
from notices.models import Notice
from tests import factories

TICKS = ["tida_good_faith"]


class Desk(SimpleNamespace):
    """The rows of a small case, and short ways to bring a notice to a place in its life."""

    def again(self, notice: Notice) -> Notice:
        return Notice.objects.select_related("case", "platform", "channel").get(pk=notice.pk)

    def prepared(self, **changes: Any) -> Notice:
        content = {"context": ["consent_never_given"], **changes.pop("content", {})}
        selection = plan.Selection(
            platform=self.channel.platform,
            ground=changes.pop("ground", "us-tida-s3"),
            channel=changes.pop("channel", self.channel),
            links=[link.pk for link in changes.pop("links", self.links)],
            content=content,
        )
        made = plan.prepare(self.case, [selection], self.people.advocate, self.at)
        return self.again(made[0])

    def written(self, **changes: Any) -> Notice:
        """A draft that a volunteer took and finished."""
        ticks = changes.pop("ticks", TICKS)
        notice = self.prepared(**changes)
        editing.take(notice, self.people.volunteer, self.at)
        change = editing.Change(content={**notice.content, "ticks": ticks})
        editing.save(notice, change, self.people.volunteer, notice.version, self.at)
        return self.again(notice)

    def in_review(self, **changes: Any) -> Notice:
        notice = self.written(**changes)
        editing.ask_approval(notice, self.people.volunteer, self.at)
        return self.again(notice)

    def approved(self, **changes: Any) -> Notice:
        notice = self.in_review(**changes)
        approving.approve(notice, self.people.reviewer, self.at)
        return self.again(notice)

    def sent(self, **changes: Any) -> Notice:
        notice = self.approved(**changes)
        lifecycle.mark_sent(notice, self.at)
        return self.again(notice)


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
