"""Data, sources and coverage: the headlines say what the tables below them hold, a cell opens its rows, links lead to the rows themselves."""

import csv
import json
import re

import pytest

from atlas.selection import EVIDENCE
from tests.conftest import ROOT
from tests.pages.test_pages import WORDS, built, charts, opened, said  # noqa: F401 (built is a fixture)


def table(app, column: str):
    """The table on the page that has a column."""
    (found,) = [frame.value for frame in app.dataframe if column in frame.value.columns]
    return found


def links(app) -> dict[str, str]:
    """Label -> query of the links on the page."""
    return {link.proto.label.replace("\\", ""): link.proto.query_string for link in app.get("page_link")}


def number(text: str) -> int:
    return int(text.replace(",", ""))


def curated(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Coverage -----------------------------------------------------------------------------------------------------------


def test_the_headline_says_how_much_is_known_of_the_first_country(database):
    text = said(opened("data", tab="coverage", countries="FRA,KOR")).replace("\\", "")
    found = re.search(r"about France, (\d+)% is known \(([\d,]+) cells\); least under “([^”]+)”", text)
    rows = database.read("looked_for", where={"iso3": ["FRA"], "confidence": EVIDENCE})
    assert (int(found[1]), number(found[2])) == (round(100 * rows["is_known"].mean()), len(rows))
    assert found[3] == WORDS(f"table.{rows.groupby('table_name')['is_known'].mean().idxmin()}")


def test_the_chosen_countries_stand_first_in_both_matrices():
    for chart in charts(opened("data", tab="coverage", countries="FRA,KOR")):
        heads = json.loads(chart.spec)["layout"]["xaxis"]["ticktext"]
        assert heads[:3] == ["<b>France</b>", "South<br>Korea", "United<br>States"]
        assert len(heads) == 9


def test_without_a_country_all_are_spoken_of():
    app = opened("data", tab="coverage", countries="")
    assert WORDS("coverage.all") in said(app)
    assert len(charts(app)) == 2


def test_without_a_country_and_without_evidence_nothing_is_known():
    text = said(opened("data", tab="coverage", countries="", evidence=""))
    assert WORDS("coverage.headline.none", country=WORDS("coverage.all")) in text
    assert WORDS("coverage.no_gaps") in text


def test_a_cell_in_the_link_opens_its_rows_unknown_ones_first():
    app = opened("data", tab="coverage", cell="KOR/sites/power_mw")
    sites = [row for row in curated("sites") if row["iso3"] == "KOR" and row["kind"] not in ("programme-plan", "total")]
    rows = table(app, "is_known")
    assert len(rows) == len(sites)
    assert rows["is_known"].sum() == sum(row["power_mw"] != "" for row in sites)
    assert rows["is_known"].is_monotonic_increasing
    assert "## South Korea: Sites, Electric power" in said(app).replace("\\", "")


@pytest.mark.parametrize(
    ("cell", "label", "query"),
    [
        ("KOR/sites", "Open Sites of South Korea", "table=sites&iso3=KOR"),
        ("KOR/sites/power_mw", "Open Sites of South Korea in which it is empty", "table=sites&iso3=KOR&power_mw=null"),
        ("KOR/sites/owners", "Open Sites of South Korea", "table=sites&iso3=KOR"),
    ],
)
def test_a_cell_leads_to_its_rows_in_the_table(cell, label, query):
    assert query in links(opened("data", tab="coverage", cell=cell))[label]


def test_a_cell_without_rows_says_so():
    app = opened("data", tab="coverage", cell="FRA/fabs")
    assert WORDS("coverage.no_rows") in said(app)


def test_the_table_of_the_cell_is_shown_field_by_field():
    chart = charts(opened("data", tab="coverage", cell="KOR/fabs"))[1]
    assert "Wafers a month" in chart.spec
    assert "Electric power" not in chart.spec


def test_every_field_has_a_word(database):
    fields = database.read("looked_for", columns="DISTINCT field")["field"]
    assert [field for field in fields if not WORDS.has(f"field.{field}")] == []


# What to look for next ----------------------------------------------------------------------------------------------


def test_gaps_of_the_chosen_countries_are_ranked_by_their_part():
    gaps = table(opened("data", tab="coverage", countries="KOR,FRA"), "weight_pct")
    assert {link.rsplit("#", 1)[1] for link in gaps["country"]} == {"South%20Korea", "France"}
    assert gaps["weight_pct"].is_monotonic_decreasing
    assert gaps["rank"].iloc[0] == 1
    assert gaps.groupby("weight_pct")["rank"].nunique().loc[lambda ranks: ranks.index == ranks.index.max()].item() == 1
    assert gaps["thing"].str.startswith("profile?").any()


def test_layers_that_are_not_known_are_gaps_of_a_chosen_country(database):
    from atlas import measures

    known = measures.dependence(database.read("holdings", evidence=list(EVIDENCE)))
    known = set(known[(known["iso3"] == "CHN") & known["share_pct"].notna()]["layer"])
    unknown = [layer for layer in measures.LAYERS if layer not in known]
    assert unknown
    gaps = table(opened("data", tab="coverage", countries="CHN"), "weight_pct")
    shown = gaps[gaps["figure"] == WORDS("gap.figure.layer")]
    assert sorted(shown["gap"]) == sorted(WORDS("gap.layer", name=WORDS(f"layer.{layer}")) for layer in unknown)
    assert set(shown["weight_pct"]) == {12.5}


def test_every_gap_has_its_words(database):
    for gap in [*database.read("gaps", columns="DISTINCT gap", evidence=list(EVIDENCE))["gap"], "layer"]:
        assert WORDS.has(f"gap.{gap}"), gap
        assert WORDS.has(f"gap.figure.{gap}"), gap


def test_the_rule_of_the_ranking_stands_below_it():
    assert WORDS("card.gaps.method")[:60] in said(opened("data", tab="coverage"))


# Sources ------------------------------------------------------------------------------------------------------------


def test_the_headline_counts_facts_on_one_source(database):
    text = said(opened("data", tab="sources")).replace("\\", "")
    alone, facts, weak, age = re.search(
        r"([\d,]+) of ([\d,]+) facts .*on one source alone, ([\d,]+) on weak sources alone.*older than ([\d.]+) years", text
    ).groups()
    support = database.read("facts")
    assert (number(alone), number(facts)) == ((support["sources"] == 1).sum(), len(support))
    assert number(weak) == support["is_weak_only"].sum()
    ages = database.read("source_evidence")["age_years"].dropna()
    assert float(age) == pytest.approx(ages.median(), abs=0.051)


def test_a_chosen_source_links_to_its_rows_in_every_table(database):
    source = "trendforce-2023-11-13-cowos"
    tables = {name for name in database.read("dictionary")["table_name"].unique() if name != "sources"}
    expected = {name: sum(row.get("source_id") == source for row in curated(name)) for name in tables}
    found = links(opened("data", tab="sources", source=source))
    for name, rows in expected.items():
        label = WORDS("sources.rows_of", table=WORDS(f"table.{name}"), rows=WORDS.number(rows))
        assert (f"table={name}&source_id={source}" in found.get(label, "")) == (rows > 0), name


def test_every_source_is_listed_and_words_filter_the_list():
    whole = table(opened("data", tab="sources"), "facts_alone")
    assert len(whole) == len(curated("sources"))
    assert whole["rows_resting"].is_monotonic_decreasing
    few = table(opened("data", tab="sources", q="trendforce cowos"), "facts_alone")
    assert 0 < len(few) < len(whole)


def test_all_sources_stand_in_the_chart_of_years():
    chart = charts(opened("data", tab="sources"))[1]
    assert sum(number(count) for count in re.findall(r"(?:official|company|press|research|data set) ([\d,]+)", chart.alt)) == len(
        curated("sources")
    )
