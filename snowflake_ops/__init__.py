"""What keeps Snowflake running from outside: plan, deploy, reconcile and smoke-test `snowflake/`.

It stands beside that folder and not in it, because Python there would hide `snowflake.connector`.
"""
