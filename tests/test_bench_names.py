"""Which benches there are, and how to ask for one."""

from pathlib import Path

import pytest

from bench.__main__ import BENCHES, LARGE, main

MAKEFILE = Path(__file__).parents[1] / "Makefile"


def test_make_tells_every_bench_by_name():
    [line] = [
        line for line in MAKEFILE.read_text(encoding="utf-8").splitlines() if line[:6] == "bench:"
    ]
    told = line.partition(" of ")[2].partition(";")[0]
    assert told.split(", ") == [*BENCHES, *LARGE]


def test_a_name_that_no_bench_has_is_refused_with_those_there_are(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["daly"])
    assert stopped.value.code == 2
    assert "no bench is called daly; there are import, daily," in capsys.readouterr().err
