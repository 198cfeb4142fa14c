"""The process that goes out, as it really runs: without keys, with limits, and killed in time."""

import ast
import inspect
import json
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from cases.checker import addresses, asking, egress, visiting
from cases.checker.asking import Egress
from cases.checker.visiting import Met
from tests.cases.checker.test_addresses import HOSTILE

ROOT = Path(__file__).resolve().parents[3]


def test_no_hostile_address_leaves_the_real_process():
    with Egress() as ask:
        words = {ask(url).word for url in HOSTILE}
    assert words == {"odd_address", "not_public"}


@pytest.fixture
def talking(monkeypatch):
    """Let another program answer in the place of the real one."""

    def put(source):
        monkeypatch.setattr(Egress, "command", (sys.executable, "-E", "-s", "-c", source))
        monkeypatch.setattr(asking, "PATIENCE", 0.3)
        monkeypatch.setattr(asking, "STARTING", 3.0)

    return put


@pytest.mark.parametrize(
    "source",
    [
        "", "raise SystemExit(1)", "print('nonsense', flush=True); input()",
        "print('{}', flush=True); input()", "print('[1]', flush=True); input()",
        "print('{\"word\": \"200\", \"rest\": \"x\"}', flush=True); input()",
        "print('x' * 5000, flush=True); input()",
    ],
)  # fmt: skip
def test_a_process_that_fails_is_an_answer_that_never_came(talking, source):
    talking(source)
    with Egress() as ask:
        assert ask("http://host.example/") == Met("timeout")


def test_a_process_that_hangs_is_killed_and_the_next_one_answers(talking):
    talking(
        "import sys\n"
        "for line in sys.stdin:\n"
        "    if 'hang' in line:\n"
        "        import time; time.sleep(60)\n"
        '    print(\'{"word": "404", "rest": 7}\', flush=True)\n'
    )
    with Egress() as ask:
        assert ask("http://good.example/") == Met("404", 7)
        first, begun = ask._process, monotonic()
        assert ask("http://hang.example/") == Met("timeout")
        assert monotonic() - begun < 2
        assert first.returncode is not None
        assert ask("http://good.example/") == Met("404", 7)


def test_the_answer_of_a_visit_that_was_cut_off_is_no_other_links(talking, monkeypatch):
    talking(
        "import sys, json\n"
        "for line in sys.stdin:\n"
        "    word = json.loads(line).rpartition('/')[2]\n"
        "    print(json.dumps({'word': word, 'rest': 0}), flush=True)\n"
    )

    def cut_off(*_):
        raise SoftTimeLimitExceeded

    with Egress() as ask:
        with monkeypatch.context() as patch:
            patch.setattr(asking.select, "select", cut_off)
            with pytest.raises(SoftTimeLimitExceeded):
                ask("http://gone.example/404")
        assert ask("http://online.example/200") == Met("200")


def test_the_process_ends_with_the_round():
    with Egress() as ask:
        ask("http://127.0.0.1/")
        process = ask._process
    assert process.returncode is not None


def test_it_is_given_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary")
    monkeypatch.setenv("DATABASE_URL", "postgres://canary")
    source = "import json, os, sys; print(json.dumps(dict(os.environ)), flush=True); input()"
    monkeypatch.setattr(Egress, "command", (sys.executable, "-E", "-s", "-c", source))
    told = []
    monkeypatch.setattr(asking, "_met", lambda line: told.append(json.loads(line)) or Met("200"))
    with Egress() as ask:
        ask("http://127.0.0.1/")
    assert "canary" not in str(told)
    assert set(told[0]) <= {"LC_CTYPE", *asking.PASSED_ON}


def test_it_imports_neither_django_nor_a_model():
    source = (
        "import sys, cases.checker.egress\n"
        "print([name for name in sys.modules if name.partition('.')[0] in"
        " {'django', 'core', 'accounts', 'notices', 'platforms', 'psycopg2', 'celery'}])"
    )
    done = subprocess.run(
        [sys.executable, "-E", "-s", "-c", source], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


@pytest.mark.parametrize("module", [addresses, visiting, egress])
def test_no_variable_and_no_setting_can_open_another_way(module):
    """The way of the tests is an argument; production gives none and reads nothing."""
    tree = ast.parse(inspect.getsource(module))
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not imported & {"os", "environ", "django.conf", "argparse"}


def test_production_names_no_other_way():
    calls = [
        node
        for path in (ROOT / "cases").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"visit", "Way"}
    ]
    given = {ast.unparse(node) for node in calls}
    assert given == {"visit(json.loads(line))", "Way()", "visit(claim.link.canonical)"}


def test_its_memory_is_bounded():
    source = (
        "import resource, sys\n"
        "from cases.checker import egress\n"
        "sys.stdin = iter(())\n"
        "egress.main()\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0])"
    )
    done = subprocess.run(
        [sys.executable, "-E", "-s", "-c", source], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.split()[0] == str(512 * 1024 * 1024), done.stderr
