"""Files shipped with the package: the SQL of both engines, and an example of charts.toml.

In a wheel they are below `chartlake/data`, in a checkout where they are edited.
"""

from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
_DATA = Path(__file__).parent / "data"
_ROOT = _DATA if _DATA.is_dir() else CHECKOUT

SNOWFLAKE = _ROOT / "snowflake"
ATHENA = _ROOT / "athena"
EXAMPLE_CHARTS = _ROOT / "charts.toml"
