-- Songs, edition by edition: where they stand, how they moved, what left, and their lines over time.
--
-- A song is named as it was on that day. IS_LATEST marks the newest edition of each chart, which need
-- not be of the same day for all of them; EDITIONS_AGO counts on from there: below 7 are the last week
-- of a daily chart that has no gap, or the last seven weeks of a weekly one.
USE ROLE {{ prefix }}_TRANSFORMER;

<< view("song_moves") >>

<< view("song_exits") >>

<< view("song_life_line") >>
