from cases.models.case import Case, Mandate, Material, Person
from cases.models.checker import VisitedHost
from cases.models.events import Draft, Task, TimelineEvent
from cases.models.links import Check, Link

__all__ = [
    "Case",
    "Check",
    "Draft",
    "Link",
    "Mandate",
    "Material",
    "Person",
    "Task",
    "TimelineEvent",
    "VisitedHost",
]
