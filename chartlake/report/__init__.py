"""One self-contained page about the charts, from the MARTS views."""
