"""Findings of AWS's rules (cdk-nag, AwsSolutions) that we accept, each with its reason.

Resources with a wildcard are in WILDCARDS, and a test checks that no policy has another.
"""

from aws_cdk import Acknowledgment, App, Validations

from infra.settings import Settings

WILDCARDS = {
    ("raw", "raw/playlists/*"): "captures, one object per chart and timestamp",
    ("raw", "raw/manifests/*"): "manifests, one object per run",
    ("raw", "raw/charts_csv/*"): "chart files, one object per chart and day",
    ("raw", "inbox/*"): "any chart files that people upload",
    ("curated", "curated/*"): "the tables: runs and files have new names each time",
    ("curated", "state/*"): "checkpoints, in new folders each time",
    ("athena-results", "results/*"): "results, which Athena names itself",
    **{
        ("curated", f"{prefix}/*{passing}"): reason
        for prefix in ("curated", "state")
        for passing, reason in (
            ("/", "markers of empty folders, which Hadoop sets and removes"),
            ("/_temporary/*", "temporary files, which Spark removes after a write"),
            ("/__magic_job-*", "the same, if Glue uses S3A's committer"),
        )
    },
}
"""Bucket and objects in it -> why they cannot be listed one by one."""
ELSEWHERE = {
    ("logs", "log-group:/aws-glue/{name}/*"): "log streams are named after runs",
    ("glue", "table/chartlake_landing/*"): "each view reads most of the tables",
    ("glue", "table/chartlake/*"): "views, which are created outside the stacks",
}
"""Service and resource -> the same."""
EVERYTHING = "log delivery and X-Ray support no resources in these actions"
RULES = {
    "GL1": "nothing in the logs is secret, and CloudWatch encrypts them with its own key",
    "GL3": "bookmarks are off: the days to build are arguments",
    "L1": "Python 3.13, for which the zip's wheels are locked; tools/wheels.py names it too",
    "SMG4": "Spotify cannot rotate a client secret automatically: people do, on its dashboard",
    "SQS3": "these are the dead-letter queues",
}
PARTITION = "<AWS::Partition>"
PREFIX = "AwsSolutions::AwsSolutions-"


def acknowledge(app: App, settings: Settings) -> None:
    """Acknowledge every exception to cdk-nag."""
    account, region = "<AWS::AccountId>", "<AWS::Region>"
    wild = {"*": EVERYTHING}
    for (bucket, objects), why in WILDCARDS.items():
        wild[f"arn:{PARTITION}:s3:::{settings.name}-{bucket}-{account}-{region}/{objects}"] = why
    for (service, resource), why in ELSEWHERE.items():
        whole = resource.format(name=settings.name)
        wild[f"arn:{PARTITION}:{service}:{region}:{account}:{whole}"] = why
    found = {f"IAM5[Resource::{resource}]": why for resource, why in wild.items()}
    for name, why in {**found, **RULES}.items():
        Validations.of(app).acknowledge(Acknowledgment(id=f"{PREFIX}{name}", reason=why))
