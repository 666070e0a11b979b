"""Run every bench, one after the other; a new one is a line here.

They read build/, so `make bench` makes the zips first.

    python -m bench
"""

import platform
import sys

from bench import import_time

BENCHES = [import_time.report]


def main() -> None:
    """Print what each bench reports."""
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    sys.stdout.write(f"Figures of this machine ({machine}), not of Lambda or Glue.\n")
    for report in BENCHES:
        sys.stdout.writelines(f"{line}\n" for line in ["", *report()])


if __name__ == "__main__":
    main()
