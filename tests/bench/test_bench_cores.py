"""Estimates for more machines, and what Glue would charge."""

import pytest

from bench.cores import bills, said_of_more_machines
from bench.cost import bill
from bench.measure import Cost


def test_a_short_run_costs_two_dpus_for_a_minute():
    charged = bill(vcpu_seconds=20)
    assert (charged.dpus, charged.seconds) == (2, 60)
    assert charged.dollars == pytest.approx(0.010267, abs=1e-6)


def test_a_long_run_is_billed_by_the_second():
    # 28,800 vCPU seconds on 2 DPU of 4 vCPU are an hour.
    assert bill(vcpu_seconds=28_800).dollars == pytest.approx(2 * 0.308)


def test_the_archive_is_billed_for_rows_beyond_a_daily_run():
    def runs(seconds: float) -> list[Cost]:
        return [Cost(0, seconds, 0, 0)]

    lines = list(bills({"daily job": runs(10), "2 cores": runs(60)}, rows=1_000_000))
    # (10 + 50 x 26.04) s x 2 cores / 4 vCPU / 2 DPU = 328 s
    assert lines[2:] == [
        "  a daily run: 2 DPU for 60 s, $0.0103; $0.31 a month",
        "  a backfill of 26,040,000 rows: 2 DPU for 5.5 min, $0.06",
    ]


def test_time_that_two_cores_do_not_halve_limits_scaling():
    assert said_of_more_machines(100, 60) == (
        "Two cores are 1.67 times as fast, as if 20% of the work could not be shared: more "
        "machines would make it at most 5.0 times as fast as one core."
    )
    assert said_of_more_machines(100, 50).startswith("Two cores halve the time")
