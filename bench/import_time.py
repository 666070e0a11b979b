"""Times the import of the handler in build/extract_lambda.zip on a cold interpreter, by package."""

from collections import Counter
from collections.abc import Iterator, Set
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from chartlake.contract.counts import counted
from tools.build_zips import EXTRACT_LAMBDA
from tools.lambda_folder import packages, run, unpack

RUNS = 10
TELL = 5
IMPORT = "import extract_lambda.handler"
TIMED = f"import time; t = time.perf_counter(); {IMPORT}; print(time.perf_counter() - t)"


def report(zip_file: Path = EXTRACT_LAMBDA, runs: int = RUNS) -> Iterator[str]:
    """Yield the median and range of some cold imports, and the most expensive packages."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        unpack(zip_file, folder)
        # The first run warms the disk cache.
        times = [1000 * float(_told(folder, TIMED)[0]) for _ in range(runs + 1)][1:]
        costs = shares(_told(folder, IMPORT, "-X", "importtime"), packages(folder))
    yield f"{IMPORT} from {zip_file.name}, a fresh interpreter each time:"
    line = f"median {median(times):.0f} ms, min {min(times):.0f}, max {max(times):.0f}"
    yield f"  {line} ({counted(runs, 'run')})"
    yield "The packages that cost most, with the standard library that each is first to import:"
    yield from (f"  {package:<24}{micros / 1000:>6.0f} ms" for package, micros in costs[:TELL])


def _told(folder: Path, script: str, *options: str) -> list[str]:
    done = run(folder, script, *options)
    if done.returncode:
        raise RuntimeError(f"The handler cannot be imported from the zip:\n{done.stderr}")
    return (done.stderr if options else done.stdout).splitlines()


def shares(importtime: list[str], names: Set[str]) -> list[tuple[str, int]]:
    """Charge each module's own microseconds to its package, most expensive first.

    A module of any other package is charged to the one that imported it. Python lists a module
    after those that it imports, indented by depth; read from the end, importers come first.
    """
    charged: Counter[str] = Counter()
    payers: dict[int, str] = {}
    for line in reversed(importtime[1:]):
        micros, _, module = line.removeprefix("import time:").split("|")
        depth, top = module.count("  "), module.strip().partition(".")[0]
        payers[depth] = top if top in names else payers.get(depth - 1, "")
        charged[payers[depth]] += int(micros)
    return [(payer, micros) for payer, micros in charged.most_common() if payer]
