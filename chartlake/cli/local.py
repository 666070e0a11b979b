"""Commands that work on a local lake, or on an account if `--env` names one."""

from datetime import UTC, datetime
from pathlib import Path

import click

from chartlake.cli import options
from chartlake.contract.errors import UserError

SOURCES = ("warehouse", "lake", "athena", "snowflake")


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


@click.command()
@options.lake
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True)
@click.option("--replay", type=options.FOLDER, help="A folder of recorded days, one JSON each.")
def demo(lake: Path, days: int, replay: Path | None) -> None:
    """Run the whole pipeline over a month of simulated or recorded charts."""
    from chartlake.demo.run import run_demo

    raise SystemExit(run_demo(lake, days, replay))


@click.command()
@click.option("--source", type=click.Choice(SOURCES), default="warehouse", show_default=True)
@options.lake
@click.option("--env", help="The environment, for the sources athena and snowflake.")
@click.option("--to", type=options.FILE, help="The file to write.")
def report(source: str, lake: Path, env: str | None, to: Path | None) -> None:
    """Write one self-contained page that shows the charts."""
    from chartlake.report.page import write_page
    from chartlake.report.sources import open_source

    on_account = source in ("athena", "snowflake")
    if on_account and env is None:
        raise click.UsageError(f"--source {source} needs --env.")
    page = to or (Path(f"report-{env}.html") if on_account else lake / "report.html")
    with open_source(source, lake, env or "") as ask:
        try:
            write_page(ask, page)
        except OSError as error:
            raise UserError(f"{page} cannot be written: {error.strerror}.") from error
    click.echo(page)


@click.command()
@click.argument("statement", required=False)
@click.option("--file", type=options.FILE, help="Run the statements of a file or worksheet.")
@options.lake
def sql(statement: str | None, file: Path | None, lake: Path) -> None:
    """Query the warehouse of a lake: a prompt, one STATEMENT, or a --file.

    A worksheet of the package can be named without its folder: --file climbers.sql.
    """
    from chartlake.warehouse.prompt import open_prompt, run_sql

    options.exclusive(statement=statement, file=file)
    if statement is None and file is None:
        open_prompt(lake)
    else:
        run_sql(lake, statement, file)


@click.command()
@options.lake
@click.option("--port", type=click.IntRange(0, 65535), default=8484, show_default=True)
def serve(lake: Path, port: int) -> None:
    """Serve the warehouse of a lake to snow sql, DBeaver and connectors on this machine."""
    from chartlake.warehouse.server import serve_warehouse

    serve_warehouse(lake, port)


@click.command()
@click.argument("file", type=options.FILE, required=False)
@options.lake
def ask(file: Path | None, lake: Path) -> None:
    """Query a lake in Athena's SQL; without a FILE, list the questions."""
    from chartlake.athena.stand_in.ask import ask_lake, list_questions

    if file is None:
        list_questions()
    else:
        ask_lake(lake, file)


@click.command()
@click.option("--lake", type=options.FOLDER, help="The folder of the lake.  [default: lake/demo]")
@click.option("--env", help="Query AWS and Snowflake in this environment instead.")
@click.option("--raw", type=options.FOLDER, help="The folder that holds raw/, if not in the lake.")
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True)
@click.option("--chart", help="Show only the chart with this id.")
def status(
    lake: Path | None, env: str | None, raw: Path | None, days: int, chart: str | None
) -> None:
    """Show the status of each chart of the last days, and what to do about anything red."""
    options.exclusive(lake=lake, env=env)
    if env is not None:
        with options.needs_checkout():
            from chartlake.status.on_aws import show_status
        raise SystemExit(show_status(env, days, chart, now()))
    from chartlake.status.on_this_machine import show_status as show_local_status

    raise SystemExit(show_local_status(lake or options.DEFAULT_LAKE, raw, days, chart, now()))


@click.command("import")
@click.argument("files", nargs=-1, required=True)
@click.option("--raw", help="s3://bucket or a folder.  [default: $CHARTLAKE_RAW_ROOT]")
@click.option("--again", is_flag=True, help="Also list files that are already imported.")
def import_files(files: tuple[str, ...], raw: str | None, again: bool) -> None:
    """Import chart files from charts.spotify.com into raw: FILES are paths or patterns."""
    from extract_lambda.import_charts import import_charts

    raise SystemExit(import_charts(files, raw, again))


@click.command()
@options.first_day
@options.last_day
@options.lake
@click.option("--raw", type=options.FOLDER, help="The folder that holds raw/, if not in the lake.")
@click.option("--charts", help="The charts file: a path or s3://.  [default: charts.toml]")
def build(
    first: datetime, last: datetime | None, lake: Path, raw: Path | None, charts: str | None
) -> None:
    """Build the tables of a range of days, from one day to years, in one run."""
    from chartlake.spark.jobs import build_tables

    raise SystemExit(build_tables(lake, raw, *options.days(first, last), charts))


@click.command()
@options.lake
@click.option("--delete", is_flag=True, help="Delete; by default, only list what would be deleted.")
@click.option("--keep-runs", type=click.IntRange(0), help="Superseded runs to keep per day.")
@click.option("--keep-checkpoints", type=click.IntRange(1), help="Newest checkpoints to keep.")
@click.option("--grace-hours", type=click.IntRange(0), help="Hours to keep superseded runs.")
def prune(lake: Path, delete: bool, **rules: int | None) -> None:
    """List superseded runs and old checkpoints of a lake; with --delete, delete them."""
    from chartlake.spark.jobs import prune_runs

    raise SystemExit(prune_runs(lake, delete, rules))


@click.command("verify-trends")
@click.argument("files", nargs=-1, required=True)
def verify_trends(files: tuple[str, ...]) -> None:
    """Compare our trends with Spotify's own columns: FILES are paths, patterns or s3://."""
    from chartlake.spark.jobs import verify_trends as verify

    raise SystemExit(verify(files))


@click.command()
@click.option("--lake", type=options.FOLDER, help="The folder of the lake.  [default: lake/demo]")
@click.option("--env", help="Reconcile Snowflake in this environment instead.")
@click.option("--refresh", is_flag=True, help="Load what is missing.")
def reconcile(lake: Path | None, env: str | None, refresh: bool) -> None:
    """List files that the warehouse or Snowflake lacks, and why; with --refresh, load them."""
    options.exclusive(lake=lake, env=env)
    if env is not None:
        from chartlake.snowflake.reconcile import reconcile_account

        raise SystemExit(reconcile_account(env, refresh))
    from chartlake.warehouse.reconcile import reconcile_lake

    raise SystemExit(reconcile_lake(lake or options.DEFAULT_LAKE, refresh))


COMMANDS = (
    *(demo, build, sql, ask, report, status, serve),
    *(import_files, prune, reconcile, verify_trends),
)
