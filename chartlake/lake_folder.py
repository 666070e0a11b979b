"""The folder of a local lake, and the paths in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

RAW_BUCKET, CURATED_BUCKET = "chartlake-raw", "chartlake-curated"
"""Names of the folders; local Spark and the warehouse use them as bucket names."""


@dataclass(frozen=True)
class LakeFolder:
    """Paths below the folder of a lake. None of them has to exist."""

    root: Path

    @property
    def raw(self) -> Path:
        """The folder that holds raw/."""
        return self.root / RAW_BUCKET

    @property
    def curated(self) -> Path:
        """The folder that holds curated/ and state/."""
        return self.root / CURATED_BUCKET

    @property
    def warehouse(self) -> Path:
        """The folder of the embedded warehouse."""
        return self.root / "warehouse"

    @property
    def report(self) -> Path:
        """The page of the report."""
        return self.root / "report.html"

    @property
    def stage(self) -> Mapping[str, Path]:
        """The URL that the warehouse loads from, and the folder behind it."""
        return {f"s3://{CURATED_BUCKET}/": self.curated}
