"""The chart files that the benches generate pass the import's checks."""

from bench.chart_files import write_chart_files
from bench.chart_walk import Walk
from chartlake.contract.chart_config import read_charts
from extract_lambda.chart_files.rows import count_entries


def test_every_chart_has_a_complete_file_a_day_and_a_settings_entry(tmp_path):
    """Every chart has a complete file for each day, and charts.toml names it."""
    write_chart_files(tmp_path, Walk(charts=2, places=5), days=2)
    files = sorted(tmp_path.glob("raw/charts_csv/*/*.csv"))
    assert [f"{file.parent.name} {file.name}" for file in files] == [
        "dt=2023-10-01 regional-aa-daily-2023-10-01.csv",
        "dt=2023-10-01 regional-ab-daily-2023-10-01.csv",
        "dt=2023-10-02 regional-aa-daily-2023-10-02.csv",
        "dt=2023-10-02 regional-ab-daily-2023-10-02.csv",
    ]
    for file in files:
        assert count_entries(file.read_bytes(), "daily") == ("charts.spotify.com", 5, ())
    charts = read_charts(tmp_path / "charts.toml")
    assert [(chart.market, chart.expected_size) for chart in charts] == [("aa", 5), ("ab", 5)]


def test_a_song_that_stays_keeps_its_row_and_a_new_one_gets_its_own(tmp_path):
    for turnover, same in [(0, True), (1, False)]:
        root = tmp_path / str(turnover)
        root.mkdir()
        write_chart_files(root, Walk(1, 50, turnover, draws=1_000_000), days=2)
        first, second = (
            {line.split(",")[1] for line in file.read_text(encoding="utf-8").splitlines()[1:]}
            for file in sorted(root.glob("raw/charts_csv/*/*.csv"))
        )
        assert (first == second) is same
        assert bool(first & second) is same
