"""How passwords are kept: Argon2id in the size that RFC 9106 names where memory is not plenty."""

from threading import Lock

from django.contrib.auth.hashers import Argon2PasswordHasher

_one_at_a_time = Lock()


class Argon2InTurn(Argon2PasswordHasher):
    """One password at a time in each process: threads that sign people in together add up.

    The second choice of RFC 9106, section 4. A password kept with other figures is kept with these
    at its next sign-in.
    """

    time_cost = 3
    memory_cost = 64 * 1024  # KiB
    parallelism = 4

    def encode(self, password: str, salt: str) -> str:
        with _one_at_a_time:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _one_at_a_time:
            return super().verify(password, encoded)
