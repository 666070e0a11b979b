"""The command as a module: `python -m chartlake`."""

from chartlake.cli.main import cli

if __name__ == "__main__":
    cli(prog_name="chartlake")
