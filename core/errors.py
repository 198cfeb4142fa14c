class RuleBroken(Exception):
    """A rule said no. The message is a sentence for the person who tried."""

    @property
    def sentence(self) -> str:
        return str(self)


class WrongState(RuleBroken):
    """The row had changed since it was read, or the move is not allowed from where it stands."""
