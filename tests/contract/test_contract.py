import pytest

from chartlake.contract.schema import Column
from chartlake.contract.tables import TABLES
from tools.data_dictionary import PAGE, data_dictionary


def test_the_data_dictionary_matches_the_contract():
    assert PAGE.read_text(encoding="utf-8") == data_dictionary()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_lists_its_key_and_each_column_once(table):
    assert len(set(table.column_names)) == len(table.column_names)
    assert set(table.key) <= set(table.column_names)
    assert table.column_names[0] == "snapshot_date"
    assert table.column_names[-1] == "run_id"
    assert table.grain.startswith("One row per ")
    nullable = {column.name for column in table.columns if column.nullable}
    assert not nullable & set(table.key)


def test_the_manifest_is_published_last():
    assert TABLES[-1].name == "load_manifest"


def test_a_type_that_engines_read_differently_is_rejected():
    with pytest.raises(ValueError, match=r"column price: type 'decimal\(9,2\)' is not one of"):
        Column("price", "decimal(9,2)", "Price")
