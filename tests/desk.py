"""The rows of a small case, and short ways to bring a notice to a place in its life."""

from types import SimpleNamespace
from typing import Any

from notices import approving, editing, lifecycle, plan
from notices.models import Notice

TICKS = ["tida_good_faith"]


class Desk(SimpleNamespace):
    """`case`, `channel`, `links`, `people` and `at`, as a test needs them."""

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
