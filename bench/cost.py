"""Converts seconds on this machine to dollars on AWS Glue. Glue itself was not run.

Assumptions: a core here is as fast as a vCPU of Glue, and work spreads over them as it does here.
Rules and prices as of 20 November 2026: at least two DPUs, billed per second, at least one minute
(docs.aws.amazon.com/glue, aws.amazon.com/glue/pricing); $0.44 per DPU-hour up to Glue 5.1, and 30 %
less for 6.0, as AWS announced on 21 August 2026.
"""

from dataclasses import dataclass

DOLLARS_A_DPU_HOUR = 0.308
VCPUS_A_DPU = 4
LEAST_DPUS = 2
LEAST_SECONDS = 60


@dataclass(frozen=True)
class Bill:
    """What a run is billed for."""

    dpus: int
    seconds: float

    @property
    def dollars(self) -> float:
        """The price of the run."""
        return self.dpus * self.seconds / 3600 * DOLLARS_A_DPU_HOUR


def bill(vcpu_seconds: float, dpus: int = LEAST_DPUS) -> Bill:
    """Bill some seconds of work on one vCPU, spread over some DPUs; at least one minute."""
    return Bill(dpus, max(LEAST_SECONDS, vcpu_seconds / VCPUS_A_DPU / dpus))
