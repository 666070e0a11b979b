"""Run the benchmarks named on the command line, in order; to add one, add a line here.

They read and write build/, so `make bench` builds the zips first.

    python -m bench [--full] [name …]
"""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator

from bench import cores, daily, history, import_time, load, month, trends
from bench.identical import DifferenceError
from bench.measure import MeasuringError
from chartlake.contract.counts import counted

BENCHES: dict[str, Callable[[], Iterator[str]]] = {
    "import": import_time.report,
    "daily": daily.report,
    "month": month.report,
    "history": history.report,
    "trends": trends.report,
    "cores": cores.report,
}
LARGE: dict[str, Callable[[], Iterator[str]]] = {
    "trends-large": trends.large,
    "load": load.report,
}


def main(arguments: list[str]) -> None:
    """Print the report of each benchmark."""
    parser = argparse.ArgumentParser(prog="python -m bench", allow_abbrev=False)
    parser.add_argument("--full", action="store_true", help="the large ones too, without names")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHES | LARGE)}")
    options = parser.parse_args(arguments)
    names = options.names or [*BENCHES, *(LARGE if options.full else ())]
    if unknown := [name for name in names if name not in BENCHES | LARGE]:
        parser.error(f"no bench is called {unknown[0]}; there are {', '.join(BENCHES | LARGE)}")
    sys.stdout.write(
        f"Figures of this machine ({machine(os.cpu_count())}), not of Lambda or Glue.\n"
    )
    for name in names:
        _say(["", name])
        try:
            _say((BENCHES | LARGE)[name]())
        except (MeasuringError, DifferenceError) as error:
            sys.exit(str(error))
        except KeyboardInterrupt:
            sys.exit("Stopped. What was made under build/bench stays for the next run.")


def machine(cores: int | None) -> str:
    """Describe the machine that the figures depend on; an unknown core count is shown as one."""
    python = platform.python_version()
    return f"{platform.machine()}, {counted(cores or 1, 'core')}, Python {python}"


def _say(lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
