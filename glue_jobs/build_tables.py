"""Raw captures -> every curated table, for a range of dates in one run.

From `raw/playlists/dt=…/chart=…/*.json` to `curated/<table>/dt=…/run=…/*.parquet`, load_manifest
last. The last fit capture of a day is its chart. What is unfit goes to quarantine, its chart is
held back, and the run ends with code 1 so that someone is told.

A re-run adds a run and changes nothing that is there. Trends continue from what is published before
the first date; published days after the last date depend on it and are computed again.

    PYTHONPATH=. spark-submit glue_jobs/build_tables.py
        --raw-root s3://raw --curated-root s3://curated --start-date 2026-10-01
"""

import logging
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from pyspark.sql import DataFrame, SparkSession

from chartlake.tables import LOAD_MANIFEST, TABLES
from glue_jobs import read
from glue_jobs.arguments import JobConfig, parse_arguments
from glue_jobs.artist_trends import build_artist_trends
from glue_jobs.captures import explode_positions, measure_captures, parse_files
from glue_jobs.catalogue import build_albums, build_artists, build_track_artists, build_tracks
from glue_jobs.chart_summary import build_chart_summary
from glue_jobs.charts import build_chart_entries, build_chart_snapshots, select_charted
from glue_jobs.days import JobError, days_to_build
from glue_jobs.publish import publish_manifest, publish_table
from glue_jobs.quality import (
    build_quality_results,
    build_quarantine,
    check_captures,
    choose_captures,
)
from glue_jobs.session import open_session
from glue_jobs.trends import build_chart_exits, build_editions, build_song_trends

logger = logging.getLogger("build_tables")


def build_all(files: DataFrame, history: read.History) -> dict[str, DataFrame]:
    """Build every table of the days whose raw files are given, by its name in the contract."""
    captures = _once(parse_files(files))
    usable = captures.where("reason is null")
    positions = _once(explode_positions(usable))
    checked = _once(check_captures(measure_captures(usable, positions)))
    of_the_day = _once(choose_captures(checked))
    chosen = of_the_day.where("passed")
    charted = _once(select_charted(chosen, positions))
    snapshots = _once(build_chart_snapshots(chosen, history.snapshots))
    entries = _once(build_chart_entries(charted))
    tracks = _once(build_tracks(charted))
    albums = _once(build_albums(charted))
    track_artists = _once(build_track_artists(charted))
    editions = _once(build_editions(snapshots, history.songs))
    trends = _once(build_song_trends(entries, editions, history.songs))
    exits = _once(build_chart_exits(trends, editions, history.songs))
    artist_trends = _once(
        build_artist_trends(trends, track_artists, snapshots, editions, history.artists)
    )
    summary = build_chart_summary(editions, trends, exits, tracks, albums, artist_trends)
    return {
        "chart_snapshots": snapshots,
        "chart_entries": entries,
        "tracks": tracks,
        "albums": albums,
        "artists": _once(build_artists(charted)),
        "track_artists": track_artists,
        "song_trends": trends,
        "chart_exits": exits,
        "artist_trends": artist_trends,
        "chart_summary": _once(summary),
        "quarantine": _once(build_quarantine(captures, positions, checked)),
        "quality_results": _once(build_quality_results(of_the_day)),
    }


def _once(frame: DataFrame) -> DataFrame:
    """Compute a frame once, for all that is built from it, and end its lineage there.

    Without that each table would be planned from the raw files on, which costs more than computing
    it. A lost executor takes the rows along: the run fails, has published nothing, and runs again.
    """
    return frame.localCheckpoint(eager=False)


def run(spark: SparkSession, config: JobConfig) -> int:
    """Build and publish; return the number of raw files that could not be used.

    Raises JobError where there is nothing to build from.
    """
    runs = read.read_published_runs(spark, config.curated_root)
    days = days_to_build(spark, config.raw_root, config.start_date, config.end_date, runs)
    history = read.read_history(spark, config.curated_root, runs, config.start_date)
    frames = build_all(read.read_raw_files(spark, config.raw_root, days), history)
    counts = {}
    for table in TABLES:
        if table is not LOAD_MANIFEST:
            began = time.monotonic()
            written = publish_table(frames[table.name], table, config.curated_root, config.run_id)
            counts[table.name] = written
            rows, seconds = f"{sum(written.values()):,}", time.monotonic() - began
            logger.info("%-16s %9s rows %6.1f s", table.name, rows, seconds)
    publish_manifest(spark, counts, days, config.curated_root, config.run_id, config.started_at)
    logger.info("Published run %s.", config.run_id)
    return _report_unusable(frames["quarantine"])


def _report_unusable(quarantine: DataFrame) -> int:
    files = quarantine.where("position = 0").orderBy("source_file").collect()
    for row in files:
        logger.error("%s: %s", row["source_file"], row["reason"])
    return len(files)


def main(arguments: Sequence[str]) -> None:
    """Run the job as a process: code 0, or 1 with a sentence where something was held back."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("py4j").setLevel(logging.WARNING)
    config = parse_arguments(arguments, datetime.now(UTC))
    spark = open_session("build_tables")
    try:
        unusable = run(spark, config)
    except JobError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(f"Stopped. Nothing of run {config.run_id} is published.")
    finally:
        spark.stop()
    if unusable:
        sys.exit(f"{unusable} raw files could not be used and are in quarantine; see above.")


if __name__ == "__main__":
    main(sys.argv[1:])
