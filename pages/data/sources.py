"""Every source, with the rows that rest on it."""

from atlas import ui
from pages.data.common import search_box


def show(page: ui.Page) -> None:
    words = page.words
    if not page.chosen.one("card"):
        search_box(page)
    frame = page.read("source_list", text=page.chosen.one("q")).sort_values("rows_resting", ascending=False)
    ui.table_card(
        page,
        "source-list",
        frame[
            [
                "publisher",
                "title",
                "published",
                "kind",
                "rows_resting",
                "tables",
                "is_weak",
                "licence",
                "retrieved",
                "note",
                "url",
                "source_ids",
            ]
        ],
        empty=words("empty.rows"),
        height=620,
    )
