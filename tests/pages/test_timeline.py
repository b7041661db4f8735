"""Timeline: months, kinds and words in the link, the chart and the list hold the same entries."""

import pytest

from pages.timeline import KINDS
from tests.pages.test_pages import WORDS, built, charts, opened, said  # noqa: F401 (built is a fixture)


def rows(app):
    return app.dataframe[0].value


def test_the_headline_counts_what_is_in_the_list():
    app = opened("timeline")
    listed = rows(app)
    mine = listed[listed["country"].str.endswith("#South%20Korea")]
    done = (~mine["is_planned"]).sum()
    title = app.title[0].value.replace("\\", "")
    assert f"South Korea, 2023 to 2027: {done} entries" in title
    assert f"; {len(mine) - done} more are planned" in title


def test_the_rounds_of_the_contest_are_marked():
    (chart,) = charts(opened("timeline"))
    for name in ("bids", "documents", "presentations", "round-1", "round-2"):
        assert WORDS(f"round.{name}") in chart.spec


@pytest.mark.parametrize(("first", "last"), [("2025", "2025"), ("2025-07", "2025-09"), ("2025-05", "2025"), ("2025-09", "2025-07")])
def test_only_the_months_of_the_link_are_shown(first, last):
    app = opened("timeline", **{"from": first, "to": last})
    dates = rows(app)["date"]
    assert len(dates)
    assert set(dates.str[:4]) == {"2025"}
    if "-" in last:
        assert set(dates.str[5:7]) <= {"07", "08", "09", "Q3"}
    assert WORDS("hint.dropped", items="")[:20] not in said(app)


@pytest.mark.parametrize("query", [{"from": "1066"}, {"from": "2025-13"}, {"to": "soon"}, {"to": "2025-Q1"}, {"kind": "rumour"}])
def test_a_month_or_kind_that_is_none_is_dropped_with_a_hint(query):
    app = opened("timeline", **query)
    assert WORDS("hint.dropped", items="")[:20] in said(app)
    assert app.title[0].value == opened("timeline").title[0].value


def test_several_kinds_can_be_chosen():
    kinds = set(rows(opened("timeline", kind="export-control,tariff"))["kind"])
    assert kinds == {WORDS("lane.export-control"), WORDS("lane.tariff")}


def test_words_find_entries_whatever_their_case_and_accents():
    upper, plain = (rows(opened("timeline", q=text, countries="KOR")) for text in ("UPSTAGÉ", "upstage"))
    assert len(plain) > 5
    assert list(upper["title"]) == list(plain["title"])
    assert plain["title"].str.startswith("Upstage: Solar").any()


def test_the_list_is_newest_first_and_every_entry_has_its_page():
    listed = rows(opened("timeline"))
    years = listed["date"].str[:4]
    assert list(years) == sorted(years, reverse=True)
    assert listed["source_url"].str.startswith("http").all()


def test_nothing_found_is_a_sentence():
    app = opened("timeline", q="no such word anywhere")
    assert charts(app) == []
    assert WORDS("empty.timeline") in said(app)
    assert "no entry is known" in app.title[0].value


def test_the_slider_writes_short_dates_into_the_link():
    app = opened("timeline")
    app.select_slider(key="span").set_range("2025-01", "2026-06").run()
    assert not app.exception
    assert (app.query_params["from"], app.query_params["to"]) in ((["2025"], ["2026-06"]), ("2025", "2026-06"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_lane_and_a_place_in_the_headline(kind):
    assert WORDS.has(f"lane.{kind}")
    assert WORDS.has(f"lane.in_text.{kind}")


def test_every_kind_of_the_data_has_a_lane(database):
    assert set(database.read("timeline")["kind"]) <= set(KINDS)
