"""A catcher for outgoing mail: a real SMTP server on loopback, and a page to read what it caught.

It never relays. Everything it accepts stays in two Maildirs: `outside` for what would have gone to
platforms and people, `archive` for the copies to the organisation's archive address.
"""

LOOPBACK = "127.0.0.1"
