"""The sentence about columns of chart files that are ignored."""

from chartlake.contract.chart_files import describe_extra_columns


def test_columns_are_listed_with_file_counts_most_files_first():
    assert describe_extra_columns({"year": 1, "duration_ms": 417, "isrc": 1}) == (
        "Extra columns are ignored: duration_ms in 417 files, isrc in 1 file, year in 1 file."
    )


def test_ten_columns_are_named_and_the_rest_counted():
    eleven, twelve = ({f"c{number:02}": 1 for number in range(count)} for count in (11, 12))
    assert describe_extra_columns(eleven).endswith(", c09 in 1 file, 1 other column.")
    assert describe_extra_columns(twelve).endswith(", c09 in 1 file, 2 other columns.")


def test_a_name_is_truncated_and_control_sequences_are_escaped():
    assert describe_extra_columns({"\x1b" + "x" * 99: 2}) == (
        f"Extra columns are ignored: \\x1b{'x' * 39} in 2 files."
    )
