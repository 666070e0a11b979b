"""One self-contained page of what the charts show, from the MARTS views."""
