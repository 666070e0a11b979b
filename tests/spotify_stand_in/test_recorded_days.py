from datetime import date
from pathlib import Path

import pytest

from chartlake.spotify_stand_in.recorded_days import recorded_days, recorded_playlist


def test_days_are_listed_oldest_first_and_other_files_ignored(tmp_path: Path) -> None:
    for name in ("2020-10-12", "2020-10-10", "README", "2020-13-40"):
        (tmp_path / f"{name}.json").write_text('{"items": []}')
    assert recorded_days(tmp_path) == [date(2020, 10, 10), date(2020, 10, 12)]


def test_a_day_is_replayed_as_it_was_recorded(tmp_path: Path) -> None:
    (tmp_path / "2020-10-10.json").write_text('{"id": "p1", "items": [{"track": null}]}')
    playlist = recorded_playlist(tmp_path, date(2020, 10, 10))
    assert playlist == {"id": "p1", "items": [{"track": None}]}


def test_an_unrecorded_day_has_no_playlist(tmp_path: Path) -> None:
    assert recorded_playlist(tmp_path, date(2020, 10, 11)) is None


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nowhere is not a folder. Name the one"):
        recorded_days(tmp_path / "nowhere")


def test_an_empty_folder_says_how_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no recorded days. Its files are named 2020-10-10"):
        recorded_days(tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[]", "2020-10-10.json is not a playlist"),
        ('{"items": {}}', "2020-10-10.json is not a playlist"),
        ('{"items"', "2020-10-10.json is not JSON"),
        ("\udcff", "2020-10-10.json is not JSON"),
    ],
)
def test_an_unusable_file_is_named(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "2020-10-10.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError, match=sentence):
        recorded_days(tmp_path)
