"""One run of the extract Lambda's handler over every chart in a charts file.

python -m bench.programs.capture_charts api-url token-url charts-file raw-root instant
"""

import logging
import sys
from dataclasses import replace
from datetime import datetime

from bench.lakes import CREDENTIALS
from extract_lambda.handler import extract
from extract_lambda.settings import read_settings
from extract_lambda.timing import read_timing


def main(api_url: str, token_url: str, charts_file: str, raw_root: str, instant: str) -> None:
    """Capture the charts; exit with a message if one fails."""
    logging.getLogger("extract_lambda").setLevel(logging.CRITICAL)
    places = {"CHARTLAKE_RAW_ROOT": raw_root, "CHARTLAKE_CHARTS_FILE": charts_file}
    settings = replace(read_settings(CREDENTIALS | places), api_url=api_url, token_url=token_url)
    timing = replace(read_timing(None), now=lambda: datetime.fromisoformat(instant))
    failed = extract({"scheduled_at": instant}, settings, timing)["failed"]
    if failed:
        sys.exit(f"The stand-in for Spotify failed: {failed}")


if __name__ == "__main__":
    main(*sys.argv[1:])
