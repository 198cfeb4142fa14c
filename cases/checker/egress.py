"""The process that goes out: `python -m cases.checker.egress`.

It reads an address a line and answers with what it met, a line of JSON each. It is started without
the program's environment and imports neither Django nor a model: whoever takes it over through a
hostile answer finds no key, no database and no name in it.
"""

import json
import resource
import sys

from cases.checker.visiting import visit

LIMITS = {
    resource.RLIMIT_AS: 512 * 1024 * 1024,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NOFILE: 32,
    resource.RLIMIT_CPU: 60,
}


def main() -> None:
    for what, most in LIMITS.items():
        resource.setrlimit(what, (most, most))
    for line in sys.stdin:
        met = visit(json.loads(line))
        print(json.dumps({"word": met.word, "rest": met.rest}), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
