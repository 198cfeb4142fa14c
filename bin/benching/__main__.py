"""One step of the bench in a process of its own: `python -m benching STEP …`. Prints JSON lines."""

import os
import sys

import django


def main(step: str, *arguments: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from benching import steps  # noqa: PLC0415 - the apps have to be loaded first

    steps.STEPS[step](*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
