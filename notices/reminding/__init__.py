"""Follow-ups on what was sent: when one is due, who may not be chased, and the mails themselves.

`planning` and `standing` are pure. `plans.replan` brings the plan of one notice in line with what
is known; whatever happens to a notice ends there. `making` lets a follow-up leave.
"""
