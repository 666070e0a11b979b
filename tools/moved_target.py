"""Prints the command that replaced a make target, and fails: `python -m tools.moved_target sql`."""

import sys

REPLACED = {
    "report": "chartlake report --lake FOLDER",
    "sql": "chartlake sql --lake FOLDER [--file FILE]",
    "warehouse": "chartlake serve --lake FOLDER",
    "athena": "chartlake ask --lake FOLDER [FILE]",
    "athena-views": "chartlake aws views ENV",
    "athena-remote": "chartlake aws ask ENV FILE",
    "backfill": "chartlake build --from DAY --to DAY --lake FOLDER",
    "doctor": "chartlake doctor",
    "consent": "chartlake consent",
    "import-charts": "chartlake import FILE... --raw s3://BUCKET",
    "prune": "chartlake prune --lake FOLDER",
    "verify-trends": "chartlake verify-trends FILE...",
    "snowflake-plan": "chartlake snowflake plan ENV",
    "snowflake-deploy": "chartlake snowflake deploy ENV",
    "snowflake-prune": "chartlake snowflake prune ENV",
    "snowflake-smoke": "chartlake snowflake smoke ENV",
    "reconcile": "chartlake reconcile [--lake FOLDER | --env ENV]",
    "status": "chartlake status [--lake FOLDER | --env ENV]",
    "synth": "chartlake aws synth ENV",
    "diff": "chartlake aws diff ENV",
    "deploy": "chartlake aws deploy ENV",
    "destroy": "chartlake aws destroy ENV",
    "bootstrap": "chartlake aws bootstrap",
    "run": "chartlake aws run ENV --from DAY [--to DAY] [--backfill]",
    "data-dictionary": "make render",
}


def main(target: str) -> int:
    """Print the replacement of a target; return 2."""
    sys.stderr.write(
        f"`make {target}` was replaced by `{REPLACED[target]}`. "
        "`make setup` installs chartlake into .venv/bin.\n"
    )
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
