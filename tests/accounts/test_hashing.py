import argon2
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts import hashing
from accounts.hashing import Argon2InTurn
from config import settings

OURS = Argon2InTurn()


def test_a_password_is_kept_as_rfc_9106_says():
    kept = OURS.encode("a long password", OURS.salt())
    assert OURS.verify("a long password", kept)
    assert not OURS.verify("another password", kept)
    figures = argon2.extract_parameters(kept.removeprefix("argon2"))
    assert (figures.time_cost, figures.memory_cost, figures.parallelism) == (3, 65_536, 4)
    assert figures.type is argon2.Type.ID


def test_a_password_kept_with_other_figures_is_known_and_kept_anew():
    kept = Argon2PasswordHasher().encode("a long password", OURS.salt())
    assert OURS.verify("a long password", kept)
    assert OURS.must_update(kept)
    assert not OURS.must_update(OURS.encode("a long password", OURS.salt()))


def test_one_password_is_worked_on_at_a_time(monkeypatch):
    at_work = []

    def verify(self, password, encoded):
        at_work.append(hashing._one_at_a_time.locked())
        return True

    monkeypatch.setattr(Argon2PasswordHasher, "verify", verify)
    assert OURS.verify("a long password", "kept")
    assert at_work == [True]


def test_the_program_uses_it():
    assert settings.PASSWORD_HASHERS == ["accounts.hashing.Argon2InTurn"]
