"""Sources below a card and a page: rows that name them in; who published them, how new they are, and links to them out."""

import pandas as pd
import streamlit as st

from atlas.cards import caveats
from atlas.texts import Words, escape
from atlas.ui.page import Page
from atlas.ui.table import is_address

SOURCE_COLUMNS = "source_id, publisher, title, published, published_day, kind, is_weak, licence, url, note"
MOST_PUBLISHERS = 4  # named below a card; who has most of its sources comes first
MOST_IN_SIGHT, LIST_HEIGHT_PX = 10, 320  # sources that stand in full; a longer list scrolls
MOST_LISTED = 200


def newest(sources: pd.DataFrame) -> str:
    """Date of the newest of some sources (rows of source_list), as exact as it is known; empty where none has a date."""
    dated = sources[sources["published_day"].notna()]
    return dated.loc[dated["published_day"].idxmax(), "published"] if len(dated) else ""


def sources_of(page: Page, frame: pd.DataFrame) -> pd.DataFrame:
    """The sources that the rows of a frame rest on, newest first; none where the rows do not name any."""
    ids = sorted({source for sources in frame.get("source_ids", ()) for source in sources})

    def make() -> pd.DataFrame:
        return page.read("source_list", columns=SOURCE_COLUMNS, where={"source_id": ids}).sort_values(
            "published_day", ascending=False, na_position="last"
        )

    return page.kept(("sources", tuple(ids)), make)


def publishers_of(words: Words, sources: pd.DataFrame, most: int) -> str:
    """Who published some sources, most of them first; the others as a number."""
    names = list(sources["publisher"].value_counts().index)
    shown = ", ".join(names[:most])
    return words("list.more", names=shown, n=len(names) - most) if len(names) > most else shown


def resting_on(words: Words, sources: pd.DataFrame) -> str:
    """What some rows rest on, in one line: who published most of it, how many sources there are, and the date of the newest."""
    if sources.empty:
        return words("card.no_sources")
    return words(
        "card.sources",
        publishers=publishers_of(words, sources, MOST_PUBLISHERS),
        n=words.number(len(sources)),
        newest=words.date(newest(sources)) or words("unknown"),
    )


def rest_on(page: Page, sources: pd.DataFrame) -> str:
    """The same for a card, which also tells the page what it rests on."""
    page.cited.update(sources["source_id"])
    return page.kept(("resting", page.words.lang, tuple(sources["source_id"])), lambda: resting_on(page.words, sources))


def say_caveats(page: Page, sources: pd.DataFrame) -> None:
    for line in caveats(page.words, sources):
        st.caption(escape(line))


def list_sources(page: Page, sources: pd.DataFrame) -> None:
    """Sources as a list of links, which the keyboard reaches and which can be printed: publisher, title, date, licence, and whether the source is weak."""

    listed = sources if page.is_on_paper else sources.head(MOST_LISTED)

    def lines() -> str:
        return "\n".join(_source_line(page, source) for source in listed.itertuples())

    long = len(sources) > MOST_IN_SIGHT and not page.is_on_paper
    with st.container(height=LIST_HEIGHT_PX if long else "content", border=False):
        st.markdown(page.kept(("listed", page.words.lang, page.is_on_paper, tuple(sources["source_id"])), lines))
        if len(sources) > len(listed):
            st.caption(page.words("table.cut", shown=page.words.number(len(listed)), rows=page.words.number(len(sources))))


def _source_line(page: Page, source) -> str:
    words = page.words
    said = [
        source.title,
        words.date(source.published) if isinstance(source.published, str) and source.published else words("brief.undated"),
    ]
    said += [source.licence] if isinstance(source.licence, str) else []
    said += [words("sources.weak")] if source.is_weak else []
    said += [source.url] if page.is_on_paper else []
    publisher = escape(source.publisher)
    linked = f"[{publisher}](<{source.url}>)" if is_address(source.url) else publisher
    return f"- {linked}: {escape(', '.join(said))}"
