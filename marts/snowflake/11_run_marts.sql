-- How fresh the charts are, and where each run stands.
USE ROLE {{ prefix }}_TRANSFORMER;

<< view("chart_freshness") >>

<< view("run_ledger") >>
