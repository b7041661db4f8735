"""Titles: rows of a view in, the same rows out with titles of events and names of indicators and programmes in the reader's language."""

import pandas as pd

from atlas.texts import Words

# Column that holds a title or name -> the table that it comes from, and the column of the id in it. An id names one thing over all tables.
NAMED = {
    "title": ("events", "event_id"),
    "indicator": ("indicators", "indicator_id"),
    "programme": ("programmes", "programme_id"),
    "receiver": ("programmes", "receiver_programme_id"),
    "name": ("programmes", "id"),
    "other": ("programmes", "other_id"),
    "about": ("programmes", "thing"),
}


def in_language(words: Words, frame: pd.DataFrame) -> pd.DataFrame:
    """A name whose id is not among the columns, or that has no translation, stays as it is; so does a name that is not known."""
    said = {
        column: pd.Series(
            [
                words.said(table, row_id, name) if isinstance(name, str) else name
                for row_id, name in zip(frame[key], frame[column], strict=True)
            ],
            index=frame.index,
            dtype=frame[column].dtype,  # of an empty frame too
        )
        for column, (table, key) in NAMED.items()
        if column in frame and key in frame
    }
    return frame.assign(**said) if said else frame
