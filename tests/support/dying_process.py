"""A process that extracts, or imports, and is killed at one of its system calls.

    python -m tests.support.dying_process CALL NUMBER GO MODULE ARGUMENT...

CALL is `os.link`, by which a raw file gets its name once it is whole, `os.remove`, which comes
after that, or `never`; NUMBER says which of those calls it dies at. It begins once GO is there.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from extract_lambda import capture, handler
from tests.support.command import chartlake


def die_at(call: str, number: int) -> None:
    """Kill this process, as the kernel would, just before a system call."""
    left = number

    def count(event: str, _: tuple[Any, ...]) -> None:
        nonlocal left
        left -= event == call
        if event == call and left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def main(call: str, number: str, go: str, module: str, *arguments: str) -> None:
    while not Path(go).exists():
        time.sleep(0.001)
    if call != "never":
        # One chart after the other: side by side, the n-th write is another one each time.
        capture.SIDE_BY_SIDE = 1
        die_at(call, int(number))
    if module == "import":
        sys.exit(chartlake("import", *arguments))
    result = handler.handler(json.loads(arguments[0]), None)
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
