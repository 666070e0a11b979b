"""What brings `athena/` to an account and asks it there: statements, deploy, ask.

It stands outside `athena/`, which holds SQL alone.
"""
