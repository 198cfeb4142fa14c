from notices.models.delivery import Delivery, DeliveryAttempt, Disclosure
from notices.models.messages import Message, Reference
from notices.models.notice import Approval, Notice, NoticeClock, NoticeEdit
from notices.models.outcome import ImportBatch, Outcome
from notices.models.received import ReceivedMail
from notices.models.reminder import Reminder

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
    "ReceivedMail",
    "Reference",
    "Reminder",
]
