-- Charts, edition by edition: who owns them, and how lively they are.
USE ROLE {{ prefix }}_TRANSFORMER;

<< view("artist_share") >>

<< view("chart_pulse") >>
