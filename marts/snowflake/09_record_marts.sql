-- Songs over all editions: what each has achieved on a chart, and how it stands from market to market.
--
-- A song is named as it was when last seen. Editions are counted: days on a daily chart, weeks on a
-- weekly one. A chart's first edition has everything for the first time, so what stood on it may be
-- older than its dates say: IS_FROM_THE_START marks it.
USE ROLE {{ prefix }}_TRANSFORMER;

<< view("song_records") >>

<< view("song_markets") >>
