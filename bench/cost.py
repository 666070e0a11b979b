"""Seconds of this machine -> dollars of AWS Glue. Glue itself was not run.

Taken for granted: a core here does in a second what a vCPU of Glue does, and work spreads over
them as it does here. Rules and prices as of 20 November 2026: two DPUs at least, billed by the
second, one minute at least (docs.aws.amazon.com/glue, aws.amazon.com/glue/pricing); $0.44 a
DPU-hour up to Glue 5.1, and 30 % less for 6.0, as AWS announced on 21 August 2026.
"""

from dataclasses import dataclass

DOLLARS_A_DPU_HOUR = 0.308
VCPUS_A_DPU = 4
LEAST_DPUS = 2
LEAST_SECONDS = 60


@dataclass(frozen=True)
class Bill:
    """What a run is charged for."""

    dpus: int
    seconds: float

    @property
    def dollars(self) -> float:
        """Price of the run."""
        return self.dpus * self.seconds / 3600 * DOLLARS_A_DPU_HOUR


def bill(vcpu_seconds: float, dpus: int = LEAST_DPUS) -> Bill:
    """Charge some seconds of work on one vCPU, spread over some DPUs; a minute at least."""
    return Bill(dpus, max(LEAST_SECONDS, vcpu_seconds / VCPUS_A_DPU / dpus))
