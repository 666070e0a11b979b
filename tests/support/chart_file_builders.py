"""Chart files of invented songs, in the formats of charts.spotify.com and of the site before it."""

from chartlake.contract.chart_config import Chart

DAILY = Chart("us_top", "Top Songs - USA", "us", "charts_csv", "daily", 4, 1)
WEEKLY = Chart("global_week", "Top Songs - Global", "global", "charts_csv", "weekly", 4, 1)
CHARTS = (DAILY, WEEKLY)
CHARTS_FILE = """
[charts.us_top]
name = "Top Songs - USA"
market = "us"
source = "charts_csv"
cadence = "daily"
expected_size = 4
tolerance = 1
"""

DAILY_NAME = "regional-us-daily-2026-10-01.csv"
WEEKLY_NAME = "regional-global-weekly-2026-10-01.csv"

NEW = (
    "\ufeff"
    "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,days_on_chart,streams\n"
    '1,"spotify:track:00000000000000000000a1","Tide, Harbour & Co, Ann Noon","Low Water",'
    '"Quay",1,2,12,"901234"\n'
    '2,"spotify:track:00000000000000000000B2","The ""Lanterns""","Say ""When"" (feat. Ann Noon)",'
    '"Quay",1,1,30,"900001"\n'
    '3,"spotify:track:00000000000000000000c3","겨울 우주","첫눈","Snow",3,-1,1,"5000"\n'
    '4,"spotify:track:00000000000000000000D4","Moss","Fern","Moss",2,4,9,"4999"\n'
)
WEEKLY_NEW = NEW.replace("days_on_chart", "weeks_on_chart")
OLD_HEADER = 'Position,"Track Name",Artist,Streams,URL\n'
OLD = (
    ',,,"Note that these figures are generated using a formula that protects against any '
    'artificial inflation of chart positions.",\n'
    + OLD_HEADER
    + '1,"Low Water","Tide, Harbour & Co",901234,'
    "https://open.spotify.com/track/00000000000000000000a1\n"
    '2,"Say ""When""",Lanterns,900001,https://open.spotify.com/track/00000000000000000000B2\n'
    "3,첫눈,겨울 우주,5000,https://open.spotify.com/track/00000000000000000000c3\n"
    "4,Fern,Moss,4999,https://open.spotify.com/track/00000000000000000000D4\n"
)


def with_extra(text: str, names: str, *fields: str) -> str:
    """Add columns at the end of a file: their names to its header, a text to each row in order."""
    *head, body = text.partition("streams\n" if "streams\n" in text else "URL\n")
    head[-1] = head[-1].replace("\n", f",{names}\n")
    rows = body.splitlines()
    return "".join(head) + "".join(
        f"{row},{field}\n" for row, field in zip(rows, fields, strict=True)
    )


UNDEFINED = dict.fromkeys(b"\x81\x8d\x8f\x90\x9d")


def misread(text: str, encoding: str) -> str:
    """Read UTF-8 as latin-1, or as windows-1252 with its five undefined bytes as controls."""
    whole = text.encode()
    if encoding == "latin-1":
        return whole.decode("latin-1")
    return "".join(
        chr(byte) if byte in UNDEFINED else bytes([byte]).decode("windows-1252") for byte in whole
    )
