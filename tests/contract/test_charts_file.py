from pathlib import Path

import pytest

from chartlake.contract.chart_config import Chart, ChartsFileError, read_charts

WHOLE = """
[charts.top]
name = "Top"
market = "ph"
source = "playlist"
playlist_id = "37i9dQZEVXbNBz9cRCSFkY"
cadence = "daily"
expected_size = 50
tolerance = 5
"""


def mistakes(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "charts.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ChartsFileError) as refused:
        read_charts(path)
    return str(refused.value).splitlines()


def test_the_default_charts_are_two_daily_and_two_weekly():
    charts = read_charts(Path("charts.toml"))
    assert [(c.chart_id, c.name, c.market, c.cadence, c.playlist_id) for c in charts] == [
        ("top50_global", "Top 50 - Global", "global", "daily", "37i9dQZEVXbMDoHDwVN2tF"),
        ("top50_philippines", "Top 50 - Philippines", "ph", "daily", "37i9dQZEVXbNBz9cRCSFkY"),
        ("top_songs_global", "Top Songs - Global", "global", "weekly", "37i9dQZEVXbNG2KDcFcKOF"),
        (
            "top_songs_philippines",
            "Top Songs - Philippines",
            "ph",
            "weekly",
            "37i9dQZEVXbJVKdmjH0pON",
        ),
    ]


def test_a_chart_from_downloaded_files_needs_no_playlist(tmp_path):
    text = WHOLE.replace('"playlist"', '"charts_csv"')
    path = tmp_path / "charts.toml"
    path.write_text("\n".join(line for line in text.splitlines() if "playlist_id" not in line))
    assert read_charts(path) == (
        Chart("top", "Top", "ph", "charts_csv", "daily", expected_size=50, tolerance=5),
    )


def test_spotifys_own_playlist_read_by_the_app_is_expected_to_change(tmp_path):
    path = tmp_path / "charts.toml"
    changes = {}
    for name, text in {
        "Spotify's, by the app": WHOLE,
        "Spotify's, by a user": WHOLE + 'login = "user"\n',
        "one's own, by the app": WHOLE.replace("37i9dQZEVXbNBz9cRCSFkY", "GnMEEsZCu6QXsnNDKVvNu3"),
        "Spotify's, set": WHOLE + "expects_change = false\n",
        "by a user, set": WHOLE + 'login = "user"\nexpects_change = true\n',
        "chart files": WHOLE.replace('"playlist"', '"charts_csv"'),
    }.items():
        path.write_text(text, encoding="utf-8")
        changes[name] = [chart.expects_change for chart in read_charts(path)]
    assert changes == {
        "Spotify's, by the app": [True],
        "Spotify's, by a user": [False],
        "one's own, by the app": [False],
        "Spotify's, set": [False],
        "by a user, set": [True],
        "chart files": [False],
    }


@pytest.mark.parametrize(("line", "days"), [("", None), ("0", 0), ("7", 7)])
def test_a_playlist_may_lag_spotifys_date_by_some_days(tmp_path, line, days):
    path = tmp_path / "charts.toml"
    path.write_text(WHOLE + (f"days_behind = {line}\n" if line else ""), encoding="utf-8")
    assert [chart.days_behind for chart in read_charts(path)] == [days]


@pytest.mark.parametrize(("line", "login"), [("", "app"), ('login = "user"\n', "user")])
def test_a_playlist_is_read_by_the_app_by_default(tmp_path, line, login):
    path = tmp_path / "charts.toml"
    path.write_text(WHOLE + line)
    assert [chart.login for chart in read_charts(path)] == [login]


def test_playlist_settings_are_invalid_for_downloaded_files(tmp_path):
    lines = 'login = "app"\nexpects_change = false\ndays_behind = 0\n'
    assert mistakes(tmp_path, WHOLE.replace('"playlist"', '"charts_csv"') + lines)[1:] == [
        "  chart 'top': login is for source = 'playlist' only; remove the line",
        "  chart 'top': expects_change is for source = 'playlist' only; remove the line",
        "  chart 'top': days_behind is for source = 'playlist' only; remove the line",
    ]


@pytest.mark.parametrize(
    ("was", "becomes", "mistake"),
    [
        ("daily", "hourly", "chart 'top': cadence = 'hourly'; allowed: daily or weekly"),
        ('"playlist"', '"api"', "chart 'top': source = 'api'; allowed: playlist or charts_csv"),
        ('"ph"', '"PHL"', "market = 'PHL'; allowed: global, or a two-letter country code"),
        ("= 5\n", '= 5\nlogin = "me"\n', "chart 'top': login = 'me'; allowed: app or user"),
        (
            "= 5\n",
            '= 5\nexpects_change = "yes"\n',
            "chart 'top': expects_change = 'yes'; allowed: true or false",
        ),
        (
            "= 5\n",
            "= 5\nexpects_change = 1\n",
            "chart 'top': expects_change = 1; allowed: true or false",
        ),
        (
            "= 5\n",
            "= 5\ndays_behind = 8\n",
            "chart 'top': days_behind = 8; allowed: a whole number from 0 to 7",
        ),
        ("= 5\n", "= 5\ndays_behind = -1\n", "days_behind = -1; allowed: a whole number from 0"),
        ("= 5\n", "= 5\ndays_behind = true\n", "days_behind = True; allowed: a whole number"),
        ("50", "0", "chart 'top': expected_size = 0; allowed: a whole number from 1 to"),
        ("50", "true", "chart 'top': expected_size = True; allowed: a whole number from 1 to"),
        ("= 5\n", "= -1\n", "chart 'top': tolerance = -1; allowed: a whole number from 0 to"),
        ("37i9", "https://", "playlist_id = 'https://dQZEVXbNBz9cRCSFkY'; allowed: the 22 letters"),
        ("50", "10001", "expected_size = 10001; allowed: a whole number from 1 to 10000"),
        ("50", "0x" + "f" * 5000, "expected_size = a number with thousands of digits; allowed: "),
        ('name = "Top"\n', "", "chart 'top': name is missing; allowed: printable text"),
        ("tolerance", "tolerence", "chart 'top': unknown field tolerence; fields: name"),
        ("charts.top", "charts.Top-50", "chart 'Top-50': the id may contain only a-z"),
    ],
)
def test_an_error_names_its_chart_its_field_and_the_valid_values(tmp_path, was, becomes, mistake):
    assert mistake in "\n".join(mistakes(tmp_path, WHOLE.replace(was, becomes, 1)))


def test_a_playlist_chart_without_a_playlist_is_invalid(tmp_path):
    text = WHOLE.replace('playlist_id = "37i9dQZEVXbNBz9cRCSFkY"\n', "")
    assert "chart 'top': playlist_id is missing" in "\n".join(mistakes(tmp_path, text))


def test_all_errors_are_reported_at_once(tmp_path):
    found = mistakes(tmp_path, "[charts.a]\n[charts.b]\nname = 3\n")
    assert [line.split(":")[0].strip() for line in found[1:]] == ["chart 'a'"] * 6 + [
        "chart 'b'"
    ] * 6


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no charts. Add one: a [charts.<chart_id>] table."),
        ("[charts]\ntop = 1\n", "chart 'top': is not a table; write [charts.top] above its fields"),
        ("[charts.top\n", "cannot be read: "),
        (WHOLE + WHOLE, "cannot be read: "),
        ("n = " + "9" * 5000, "cannot be read: "),
        ("n = " + "[" * 2000, "cannot be read: "),
    ],
)
def test_a_file_without_charts_is_rejected(tmp_path, text, sentence):
    assert sentence in "\n".join(mistakes(tmp_path, text))


def test_a_missing_file_is_reported(tmp_path):
    with pytest.raises(ChartsFileError, match=r"charts\.toml cannot be read: "):
        read_charts(tmp_path / "charts.toml")
