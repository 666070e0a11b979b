"""Where each chart of the last days stands, hop by hop: `make status`.

It stands beside the parts that it asks, because it asks all of them: raw manifests, what a run
published, and what the warehouse holds. `facts` says what was found; `hops`, `judge` and `troubles`
turn it into states and a list without looking at anything else. `local.status` and `status.on_aws`
go and look.
"""
