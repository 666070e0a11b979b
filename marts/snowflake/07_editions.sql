-- What the marts share: when a chart had a new edition, and what a track was called on a day.
USE ROLE {{ prefix }}_TRANSFORMER;

<< view("editions") >>

<< view("track_titles") >>
