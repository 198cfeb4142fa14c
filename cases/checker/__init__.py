"""The checker: asks other people's servers, by headers alone, whether a link is still there.

`addresses`, `visiting` and `egress` run in a process of their own that holds no key, no database
and no setting; they import nothing of Django. The rest plans the looks and says what they mean.
"""
