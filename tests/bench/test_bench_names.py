"""The names of the benches, how to select one, and how each describes its input."""

from pathlib import Path

import pytest

from bench import history, lakes, load, month, trends
from bench.__main__ import BENCHES, LARGE, machine, main
from bench.chart_walk import Walk
from bench.compare import cost_lines
from bench.measure import Cost

MAKEFILE = Path(__file__).parents[2] / "Makefile"


def test_make_lists_every_bench_by_name():
    [line] = [
        line for line in MAKEFILE.read_text(encoding="utf-8").splitlines() if line[:6] == "bench:"
    ]
    told = line.partition(" of ")[2].partition(";")[0]
    assert told.split(", ") == [*BENCHES, *LARGE]


def test_an_unknown_bench_is_rejected_with_the_valid_names(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["daly"])
    assert stopped.value.code == 2
    assert "no bench is called daly; there are import, daily," in capsys.readouterr().err


@pytest.mark.parametrize(("cores", "told"), [(None, "1 core,"), (1, "1 core,"), (2, "2 cores,")])
def test_the_cores_of_this_machine_are_counted(cores, told):
    assert f" {told} Python 3." in machine(cores)


@pytest.mark.parametrize(("number", "runs"), [(1, "0.00 GB (1 run)"), (2, "0.00 GB (2 runs)")])
def test_the_runs_of_a_command_are_counted(number, runs):
    [line] = cost_lines({"it": [Cost(0, 1.0, 1.0, 0)] * number})
    assert line.endswith(runs)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, ["One more day, 0 charts of 200, after 0 days that showed", "0 or 0 songs"]),
        (1, ["One more day, 1 chart of 200, after 1 day that showed", "1 or 1 song"]),
        (2, ["One more day, 2 charts of 200, after 2 days that showed", "2 or 2 songs"]),
    ],
)
def test_a_history_is_described_in_charts_days_and_songs(number, told):
    lines = list(history.heading(Walk(charts=number), number, number, number))
    assert lines == [told[0], f"{told[1]}, each chart's counted for itself:"]


@pytest.mark.parametrize(
    ("number", "what", "rows", "speed"),
    [
        (0, "0 charts of 200 over 0 days", "0 rows", "0 rows a second"),
        (1, "1 chart of 200 over 1 day", "1 row", "1 row a second"),
        (2, "2 charts of 200 over 2 days", "2 rows", "2 rows a second"),
    ],
)
def test_the_input_of_engines_is_described_in_charts_days_and_rows(number, what, rows, speed):
    assert list(trends.heading(Walk(charts=number), number, number)) == [
        f"{what}, Parquet to Parquet:",
        f"  every engine gave the same: {rows} (hash over all rows and columns)",
    ]
    assert trends.speed(number, 1.0) == speed


@pytest.mark.parametrize(
    ("number", "what", "hourly", "history"),
    [
        (
            0,
            "0 charts of 2, read every hour, after 0 days:",
            "  with 0 runs a day over the last 0 days:",
            "a history of 0 rows",
        ),
        (
            1,
            "1 chart of 2, read every hour, after 1 day:",
            "  with 1 run a day over the last 1 day:",
            "a history of 2 rows",
        ),
        (
            2,
            "2 charts of 2, read every hour, after 2 days:",
            "  with 2 runs a day over the last 2 days:",
            "a history of 8 rows",
        ),
    ],
)
def test_a_load_is_described_in_charts_days_runs_and_rows(number, what, hourly, history):
    of = load.Load(charts=number, places=2, days=number, captured=number)
    assert load.heading(of) == what
    assert load.runs_a_day(of, runs=number) == hourly
    assert load.history(of) == history


def test_a_history_of_one_row_is_in_the_singular():
    assert load.history(load.Load(charts=1, places=1, days=1)) == "a history of 1 row"


@pytest.mark.parametrize(("days", "told"), [(1, "1 day"), (2, "2 days")])
def test_the_days_of_captures_are_counted(days, told):
    assert lakes.capturing(days) == f"  capturing {told}"
    assert next(month.heading(days)).startswith(f"{told}, 4 charts of 50. The plain job ")
