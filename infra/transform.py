"""The Glue jobs: build_tables, and prune_runs by hand or weekly.

Each has its own role. None may write raw, and only prune_runs may delete published data. Their code
is the zip of `make build`; they need no libraries besides Glue's own.
"""

from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk.aws_s3_assets import Asset
from constructs import Construct

from chartlake.contract.paths import CURATED, RAW_CHARTS_CSV, RAW_PLAYLISTS, STATE
from infra.access import allow, find_with_hadoop, read, role, service, write
from infra.functions import log_group
from infra.names import arn, bucket_arn, bucket_name, object_arns
from infra.settings import ROOT, Settings, Size

SMALLEST = Size(worker_type="G.1X", workers=2, timeout_minutes=240)
"""The smallest size of Glue, for jobs that nobody waits for."""
TABLES = f"{CURATED}/*", f"{STATE}/*"
UNFINISHED = tuple(
    f"{prefix}/*{passing}"
    for prefix in (CURATED, STATE)
    for passing in ("/_temporary/*", "/__magic_job-*", "/")
)
"""What Hadoop's committers delete after a write: temporary files, and markers of empty folders.
No published file has such a name."""


class Transform(Construct):
    """`build_tables` is the job's name; `names` are those of all jobs."""

    def __init__(self, scope: Construct, settings: Settings, build_folder: Path) -> None:
        super().__init__(scope, "Transform")
        self.settings = settings
        self.raw, self.curated = bucket_name(settings, "raw"), bucket_name(settings, "curated")
        self.libraries = Asset(self, "Libraries", path=str(build_folder / "glue_jobs.zip"))
        charts = Asset(self, "Charts", path=str(ROOT / "charts.toml"))
        for group in ("output", "error"):
            log_group(self, settings, f"{group.title()}Logs", f"{self._log_prefix}/{group}")
        curated_root = {"--curated-root": f"s3://{self.curated}"}
        self.build_tables = self._job(
            "build_tables",
            settings.glue,
            [
                read(self.raw, f"{RAW_PLAYLISTS}/*", f"{RAW_CHARTS_CSV}/*"),
                read(self.curated, *TABLES),
                write(self.curated, *TABLES),
                allow(["s3:DeleteObject"], object_arns(self.curated, *UNFINISHED)),
                *find_with_hadoop(self.raw, self.curated),
                *_read_listed(charts),
            ],
            {
                **curated_root,
                "--raw-root": f"s3://{self.raw}",
                "--charts-file": charts.s3_object_url,
            },
        )
        self.prune_runs = self._job(
            "prune_runs",
            SMALLEST,
            [
                read(self.curated, *TABLES),
                allow(["s3:DeleteObject"], object_arns(self.curated, *TABLES)),
                # Hadoop writes a marker for a folder that it has emptied.
                write(self.curated, f"{CURATED}/*/", f"{STATE}/*/"),
                *find_with_hadoop(self.curated),
            ],
            curated_root,
        )

    @property
    def names(self) -> list[str]:
        """The names of all jobs."""
        return [self.build_tables, self.prune_runs]

    @property
    def _log_prefix(self) -> str:
        return f"/aws-glue/{self.settings.name}"

    def _job(
        self,
        what: str,
        size: Size,
        statements: list[iam.PolicyStatement],
        arguments: dict[str, str],
    ) -> str:
        """Create a job that runs `glue_jobs/<what>.py`, one run at a time; return its name."""
        name = f"{self.settings.name}-{what}"
        called = what.title().replace("_", "")
        script = Asset(self, f"{called}Script", path=str(ROOT / f"glue_jobs/{what}.py"))
        log = allow(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [arn("logs", f"log-group:{self._log_prefix}/*")],
        )
        code = [_read_asset(script), _read_asset(self.libraries)]
        job_role = role(self, f"{called}Role", service("glue"), [*statements, log, *code])
        libraries = glue.Code.from_bucket(self.libraries.bucket, self.libraries.s3_object_key)
        glue.PySparkEtlJob(
            self,
            called,
            job_name=name,
            role=job_role,
            script=glue.Code.from_bucket(script.bucket, script.s3_object_key),
            extra_python_files=[libraries],
            glue_version=glue.GlueVersion[f"V{self.settings.glue.version}".replace(".", "_")],
            worker_configuration=glue.WorkerConfiguration(
                worker_type=glue.WorkerType[size.worker_type.replace(".", "_")],
                number_of_workers=size.workers,
            ),
            timeout=Duration.minutes(size.timeout_minutes),
            notify_delay_after=Duration.minutes(self.settings.glue.slow_after_minutes),
            max_concurrent_runs=1,
            # Only the caller retries a failed run, and so knows of it.
            max_retries=0,
            enable_metrics=False,
            enable_observability_metrics=False,
            continuous_logging=glue.ContinuousLoggingProps(enabled=False),
            default_arguments={
                **arguments,
                "--custom-logGroup-prefix": self._log_prefix,
                "--job-bookmark-option": "job-bookmark-disable",
            },
        )
        return name


def _read_asset(asset: Asset) -> iam.PolicyStatement:
    return read(asset.s3_bucket_name, asset.s3_object_key)


def _read_listed(asset: Asset) -> list[iam.PolicyStatement]:
    """Allow reading a file as Spark does, which first checks whether it is a folder."""
    listed = allow(
        ["s3:ListBucket"],
        [bucket_arn(asset.s3_bucket_name)],
        {"StringLike": {"s3:prefix": [f"{asset.s3_object_key}*"]}},
    )
    return [_read_asset(asset), listed]
