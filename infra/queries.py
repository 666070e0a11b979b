"""Athena's workgroup, which stops a query that would scan too much, and its named queries.

Statements of `athena/views/` and `athena/queries/` are deployed as named queries, each under the
name of its folder and file.
"""

from collections.abc import Iterator
from pathlib import Path

from aws_cdk import aws_athena as athena
from constructs import Construct

from infra.names import LANDING_DATABASE, bucket_name
from infra.settings import ROOT, Settings

STATEMENTS = ROOT / "athena"
GIGABYTE = 10**9
Group = athena.CfnWorkGroup


class Queries(Construct):
    """The workgroup that everybody queries in; no query can override its settings."""

    def __init__(self, scope: Construct, settings: Settings, statements: Path = STATEMENTS) -> None:
        super().__init__(scope, "Queries")
        self.settings = settings
        workgroup = self._workgroup()
        for name, text in read_statements(statements):
            self._named_query(name, text).node.add_dependency(workgroup)

    def _workgroup(self) -> Group:
        results = f"s3://{bucket_name(self.settings, 'athena-results')}/results/"
        return Group(
            self,
            "WorkGroup",
            name=self.settings.name,
            description="Reads the chart lake; stops a query that would read too much",
            recursive_delete_option=True,
            work_group_configuration=Group.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=True,
                bytes_scanned_cutoff_per_query=self.settings.athena_scan_limit_gb * GIGABYTE,
                engine_version=Group.EngineVersionProperty(
                    selected_engine_version="Athena engine version 3"
                ),
                result_configuration=Group.ResultConfigurationProperty(
                    output_location=results,
                    encryption_configuration=Group.EncryptionConfigurationProperty(
                        encryption_option="SSE_S3"
                    ),
                ),
            ),
        )

    def _named_query(self, name: str, text: str) -> athena.CfnNamedQuery:
        first = text.partition("\n")[0]
        return athena.CfnNamedQuery(
            self,
            name.title().replace("/", "_"),
            name=name,
            database=LANDING_DATABASE,
            description=first.removeprefix("--").strip() if first.startswith("--") else None,
            query_string=text,
            work_group=self.settings.name,
        )


def read_statements(folder: Path) -> Iterator[tuple[str, str]]:
    """Read the statements below a folder, named `views/<file>` and `queries/<file>`."""
    for kind in ("views", "queries"):
        for path in sorted((folder / kind).glob("*.sql")):
            yield f"{kind}/{path.stem}", path.read_text(encoding="utf-8")
