"""Shows the status of each chart on each of the last days, stage by stage.

`facts` holds what raw manifests, published runs and the warehouse say. `stages`, `judge` and
`problems` turn facts into states and a list of problems, without any I/O. `on_this_machine` and
`on_aws` collect the facts.
"""
