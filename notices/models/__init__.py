from notices.models.delivery import Delivery, DeliveryAttempt, Disclosure
from notices.models.messages import Message
from notices.models.notice import Approval, Notice, NoticeClock, NoticeEdit
from notices.models.outcome import ImportBatch, Outcome

__all__ = [
    "Approval",
    "Delivery",
    "DeliveryAttempt",
    "Disclosure",
    "ImportBatch",
    "Message",
    "Notice",
    "NoticeClock",
    "NoticeEdit",
    "Outcome",
]
