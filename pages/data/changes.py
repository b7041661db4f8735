"""What changed between two recorded versions of the data: rows added, removed and corrected, with reason and source."""

import pandas as pd
import streamlit as st

from atlas import ui
from atlas.selection import Parameter
from pages.data.common import search_box

KINDS = ("added", "removed", "changed")


def parameters(page: ui.Page) -> tuple[Parameter, ...]:
    """The two versions compared, by number: the newest and the one before it where none is chosen."""
    numbers = [str(number) for number in page.read("version_list")["version_no"]]
    return (Parameter("from", (numbers[min(1, len(numbers) - 1)],), numbers), Parameter("to", (numbers[0],), numbers))


def cards(page: ui.Page) -> tuple[str, ...]:
    """The cards of the tab: none while there is one version, with which nothing can be compared."""
    return ("change-counts", "changes") if len(page.read("version_list")) > 1 else ()


def show(page: ui.Page) -> None:
    words, only = page.words, page.chosen.one("card")
    versions = page.read("version_list").set_index("version_no")
    if len(versions) == 1:
        if not only:
            st.info(first_version(page, versions.iloc[0]), icon=":material/history:")
        return
    older, newer = sorted(int(page.chosen.one(name)) for name in ("from", "to"))  # the two may be chosen in either order
    frame = page.read("changes", older=older, newer=newer)
    days = {"older": day(versions.loc[older]), "newer": day(versions.loc[newer])}
    if not only:
        st.header(ui.escape(headline(page, frame, newer == versions.index[0], **days)), anchor=False)
        choose_versions(page, versions)
    ui.table_card(page, "change-counts", page.once("change counts", lambda: per_table(page, frame)), empty=words("empty.changes"))
    if not only:
        search_box(page)
    found = page.read("changes", older=older, newer=newer, text=page.chosen.one("q"))
    ui.table_card(
        page,
        "changes",
        page.once("changes", lambda: readable(page, found)),
        subtitle=words("card.changes.subtitle", shown=words.number(len(found)), rows=words.number(len(frame)), **days),
        empty=words("empty.changes" if frame.empty else "empty.changes_words"),
        height=560,
        rows=found,
    )


def day(version: pd.Series) -> str:
    return f"{version['recorded_at']:%Y-%m-%d}"


def first_version(page: ui.Page, base: pd.Series) -> str:
    """That there is nothing to compare with yet, and why."""
    return page.words(
        f"changes.base.{base['base_because']}",
        date=day(base),
        version=base["data_version"],
        rows=page.words.number(base["table_rows"]),
    )


def headline(page: ui.Page, frame: pd.DataFrame, is_newest: bool, older: str, newer: str) -> str:
    """How many rows came, went and were corrected, in a sentence."""
    words = page.words
    rows = frame.drop_duplicates(["kind", "table_name", "row_key"])["kind"].value_counts()
    counts = words.listing(words(f"changes.count.{kind}", n=words.number(rows[kind])) for kind in KINDS if kind in rows)
    return words("changes.since" if is_newest else "changes.between", older=older, newer=newer, counts=counts or words("changes.none"))


def choose_versions(page: ui.Page, versions: pd.DataFrame) -> None:
    words = page.words
    labels = {
        str(number): words("changes.version", number=number, date=f"{row.recorded_at:%Y-%m-%d %H:%M}", version=row.data_version)
        + (f" · {row.reason}" if isinstance(row.reason, str) else "")
        for number, row in zip(versions.index, versions.itertuples(), strict=True)
    }
    for name, column in zip(("from", "to"), ui.side_by_side(page), strict=True):
        with column:
            ui.choice(page, name, list(labels), labels.get)


def per_table(page: ui.Page, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows added, removed and changed. Grain: table."""
    rows = frame.drop_duplicates(["kind", "table_name", "row_key"])
    counts = rows.groupby(["table_name", "kind"]).size().unstack(fill_value=0).reindex(columns=KINDS, fill_value=0)
    sources = frame.groupby("table_name")["source_ids"].agg(lambda lists: sorted({source for ids in lists for source in ids}))
    table = [page.words.or_code("table", name) for name in counts.index]
    return (
        counts.assign(source_ids=sources)
        .reset_index(drop=True)
        .rename_axis(columns=None)
        .pipe(lambda counts: counts.assign(table=table))[["table", *KINDS, "source_ids"]]
    )


def readable(page: ui.Page, frame: pd.DataFrame) -> pd.DataFrame:
    """The changes with words for tables, columns and kinds, and values as the tables of the Atlas show them."""
    words = page.words
    types = page.read("dictionary").set_index(["table_name", "column_name"])["data_type"].to_dict()

    def column(name: str | None) -> str | None:
        return None if not isinstance(name, str) else words(f"column.{name}") if words.has(f"column.{name}") else name.replace("_", " ")

    def value(table: str, name: str, text: str | None) -> str | None:
        if not isinstance(text, str):
            return None
        type_ = types.get((table, name))
        if type_ == "BOOLEAN":
            return words("yes" if text == "true" else "no")
        if type_ not in ("DOUBLE", "INTEGER") or name.endswith("year"):
            return text
        number = float(text)
        return words.number(number, 0 if number.is_integer() else len(f"{number:f}".rstrip("0").split(".")[1]))

    cells = list(zip(frame["table_name"], frame["column_name"], frame["old_value"], frame["new_value"], strict=True))
    return pd.DataFrame(
        {
            "table": [words.or_code("table", table) for table in frame["table_name"]],
            "row": frame["row_name"],
            "thing": frame["thing"],
            "change": [words(f"change.{kind}") for kind in frame["kind"]],
            "column_name": [column(name) for name in frame["column_name"]],
            "old_value": [value(table, name, old) for table, name, old, _ in cells],
            "new_value": [value(table, name, new) for table, name, _, new in cells],
            "reason": frame["reason"],
            "recorded_at": frame["recorded_at"],
            "source_ids": frame["source_ids"],
        }
    )
