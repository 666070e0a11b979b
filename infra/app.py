"""The app: the settings of one environment -> two stacks, ready to be deployed.

The data stack holds what must not be lost; the pipeline stack holds what runs, and can be deleted
and deployed again. Neither exports anything to the other: they agree on names.

    python -m infra.app dev build/cdk-dev
"""

import json
from pathlib import Path

from aws_cdk import App, CfnOutput, Stack, Tags

from infra.alarms import Watched
from infra.alerts import Alerts
from infra.catalog import Catalog
from infra.data import Data
from infra.extract import Extract
from infra.freshness import Freshness
from infra.glue_events import GlueEvents
from infra.monitoring import Monitoring
from infra.names import bucket_name
from infra.queries import STATEMENTS, Queries
from infra.report import Report
from infra.runs import Runs
from infra.schedule import Schedule
from infra.settings import ROOT, Settings
from infra.snowflake_access import SnowflakeAccess
from infra.transform import Transform

BUILD = ROOT / "build"
FLAGS = json.loads((Path(__file__).parent / "cdk.json").read_text(encoding="utf-8"))["context"]


def make_app(
    settings: Settings, out: Path, build_folder: Path = BUILD, statements: Path = STATEMENTS
) -> App:
    """Create the app, which `synth` writes to `out`.

    `build_folder` has the zips of `make build`.
    """
    app = App(context=FLAGS, outdir=str(out))
    data = Stack(
        app,
        f"{settings.name}-data",
        description="Chartlake: its buckets and its catalog",
        termination_protection=True,
    )
    Data(data, settings)
    Catalog(data, settings)
    Queries(data, settings, statements)
    CfnOutput(data, "RawBucket", value=bucket_name(settings, "raw"))
    pipeline = Stack(
        app, f"{settings.name}-pipeline", description="Chartlake: its pipeline and its monitoring"
    )
    pipeline.add_stack_dependency(data)
    _pipeline(pipeline, settings, build_folder)
    for tag, value in {"project": "chartlake", "environment": settings.environment}.items():
        Tags.of(app).add(tag, value)
    return app


def _pipeline(stack: Stack, settings: Settings, build_folder: Path) -> None:
    alerts = Alerts(stack, settings)
    extract = Extract(stack, settings, alerts, build_folder)
    transform = Transform(stack, settings, build_folder)
    report = Report(stack, settings, alerts, build_folder) if settings.report else None
    runs = Runs(stack, settings, alerts, transform)
    Schedule(stack, settings, alerts, extract, transform)
    SnowflakeAccess(stack, settings, alerts)
    glue_events = GlueEvents(stack, settings, transform)
    freshness = Freshness(stack, settings, alerts)
    Monitoring(stack, Watched(settings, alerts, extract, runs, glue_events, freshness, report))
