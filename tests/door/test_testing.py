import subprocess
import sys
from pathlib import Path

import pytest

from launch import testing
from launch.testing import Part, Result
from tests.sharing import FaultsTogether

BROWSER = "tests/browser/test_story.py::test_a[chromium]"
FAULTS = ("tests/faults/test_postgres.py::test_a", "tests/faults/sending/test_disk.py::test_b[few]")
REPORT = """<testsuites><testsuite>
  <testcase name="test_good"/>
  <testcase name="test_bad"><failure message="no"/></testcase>
  <testcase name="test_broken"><error message="no"/></testcase>
  <testcase name="test_left_out"><skipped message="no such program"/></testcase>
</testsuite></testsuites>"""


def test_without_arguments_the_quick_ones_run_on_both_databases_and_the_rest_once() -> None:
    assert [(part.on_servers, part.marks) for part in testing.parts([])] == [
        (True, testing.QUICK),
        (False, testing.QUICK),
        (True, testing.HEAVY),
    ]


def test_on_sqlite_only_what_a_database_can_change_runs_again() -> None:
    asked = [part.arguments for part in testing.PARTS if not part.on_servers]
    assert asked == [("--on-database",)]


def test_long_adds_the_long_ones() -> None:
    assert testing.parts(["--long"]) == [*testing.PARTS, testing.LONG]


def test_arguments_go_to_one_run_on_the_servers() -> None:
    (part,) = testing.parts(["tests/cases", "-k", "pause"])
    assert part.arguments == ("tests/cases", "-k", "pause")
    assert (part.on_servers, part.marks) == (True, "not long")
    (all_of_them,) = testing.parts(["--long", "tests/cases"])
    assert all_of_them.marks == ""


def test_marks_of_the_caller_win() -> None:
    (part,) = testing.parts(["-m", "browser"])
    command = testing._command(part, Path("report.xml"))
    assert command.count("-m") == 2, "python -m pytest, and the caller's own"


def test_failures_errors_and_skips_are_told_apart(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    result = testing._read("a part", report)
    assert (result.passed, result.failed) == (1, 2)
    assert result.skipped == ["test_left_out: no such program"]
    assert not result.is_good


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([Result("a", passed=3)], 0),
        ([Result("a", passed=3), Result("b", code=testing.NOTHING_COLLECTED)], 0),
        ([Result("a", passed=3), Result("b", passed=1, failed=1, code=1)], 1),
        ([Result("a", passed=3), Result("b", code=2)], 1),
        ([Result("a", code=testing.NOTHING_COLLECTED)], 1),
    ],
    ids=["good", "an empty part", "a failure", "a crash", "nothing at all"],
)
def test_only_a_run_that_proved_something_is_green(
    results: list[Result], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert testing.summarise(results, 1.0) == code
    assert ("green" in capsys.readouterr().out) == (code == 0)


def test_a_skip_is_never_silent(capsys: pytest.CaptureFixture[str]) -> None:
    testing.summarise([Result("a", passed=1, skipped=["test_x: no browser"])], 1.0)
    assert "skipped: test_x: no browser" in capsys.readouterr().out


def test_what_the_callers_shell_holds_does_not_reach_the_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://real.example/recourse")
    monkeypatch.setenv("DEMO", "1")
    environ = testing._environ(Part("a", "", 0, on_servers=False), tmp_path, {"REDIS_URL": "r"})
    assert {"DATABASE_URL", "DEMO", "REDIS_URL"} & set(environ) == set()
    assert environ["VAR_DIR"] == str(tmp_path / "var")


def test_two_processes_share_no_folder_and_no_redis(tmp_path: Path) -> None:
    """One of them stops its Redis in the middle of a test; the other must not notice."""
    told = "import os, tests.settings as s; print(s.VAR_DIR, s.REDIS_URL, *os.environ)"
    shared = {"VAR_DIR": str(tmp_path), "REDIS_URLS": "redis://a redis://b", "PATH": "/usr/bin"}
    for worker, broker in (("gw0", "redis://a"), ("gw1", "redis://b")):
        answer = subprocess.run(
            [sys.executable, "-c", told],
            env=shared | {"PYTEST_XDIST_WORKER": worker},
            cwd=testing.ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        folder, redis, *names = answer.stdout.split()
        assert (folder, redis) == (str(tmp_path / worker), broker)
        assert "PYTEST_XDIST_WORKER" not in names, "a program of the test would move once more"


def test_what_measures_time_never_runs_beside_its_like() -> None:
    (heavy,) = [part for part in testing.PARTS if part.marks == testing.HEAVY]
    command = testing._command(heavy, Path("report.xml"))
    assert command[-4:] == ["-n", "2", "--dist", "loadscope"]
    together = {FaultsTogether._split_scope(None, name) for name in FAULTS}
    assert len(together) == 1
    assert FaultsTogether._split_scope(None, BROWSER) == BROWSER
