"""Every page, run as a reader's session runs it: none, one, six and unknown countries, every tab, every card, every kind of bad query."""

import os

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from atlas.selection import EVIDENCE
from pages import PAGES
from tests.conftest import ROOT, words

WORDS = words()
PAGE = {module.NAME: module for module in PAGES}
WITH_CARDS = [name for name in PAGE if name != "profile"]  # its cards are those of a thing: tests/pages/test_profile.py
TABS = [(name, tab) for name, module in PAGE.items() for tab in getattr(module, "TABS", [""])]
COUNTRIES = {
    "default": None,
    "none": "",
    "one": "FRA",
    "six": "KOR,USA,CHN,TWN,JPN,EUU",
    "bare": "KEN,UKR",
    "unknown": "XXX,KOR,korea,日本",
}


@pytest.fixture(scope="module", autouse=True)
def built(tmp_path_factory):
    """One build for all sessions of this module, away from the reader's own."""
    before = os.environ.get("ATLAS_BUILD_DIR")
    os.environ["ATLAS_BUILD_DIR"] = str(tmp_path_factory.mktemp("build"))
    yield
    os.environ.pop("ATLAS_BUILD_DIR") if before is None else os.environ.update(ATLAS_BUILD_DIR=before)


def opened(page: str, /, **query: str) -> AppTest:
    """A fresh session that opens a link; no exception may reach the reader."""
    app = AppTest.from_file(ROOT / "atlas" / "shell.py", default_timeout=60)
    if PAGE[page].PATH:
        app._page_hash = calc_hash(PAGE[page].PATH)  # as the server does for the path of the link
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def charts(app):
    return [element.proto for kind in ("plotly_chart", "echarts_chart") for element in app.get(kind)]


def said(app) -> str:
    return "\n".join(
        element.value for kind in ("title", "markdown", "caption", "info", "error", "header", "metric") for element in app.get(kind)
    )


@pytest.mark.parametrize("countries", COUNTRIES)
@pytest.mark.parametrize(("page", "tab"), TABS)
def test_every_tab_of_every_page_draws_for_any_choice_of_countries(page, tab, countries):
    query = ({"tab": tab} if tab else {}) | ({"countries": COUNTRIES[countries]} if COUNTRIES[countries] is not None else {})
    app = opened(page, **query)
    text = said(app)
    assert text.strip()
    assert "nan" not in text.lower().split()
    for chart in charts(app):
        assert len(chart.alt) > 20
        assert '"template"' not in chart.spec
    if countries == "unknown":
        assert WORDS("hint.dropped", items="")[:20] in text
        assert "countries=XXX" in text.replace("\\", "")
    else:
        assert WORDS("hint.dropped", items="")[:20] not in text
    if countries == "none" and page in ("overview", "compute"):
        assert WORDS("empty.countries") in text
        assert charts(app) == []


@pytest.mark.parametrize("evidence", ["", "planned", "official"])
@pytest.mark.parametrize(("page", "tab"), TABS)
def test_every_tab_of_every_page_draws_for_any_kind_of_evidence(page, tab, evidence):
    assert said(opened(page, **({"tab": tab} if tab else {}), evidence=evidence)).strip()


@pytest.mark.parametrize("page", WITH_CARDS)
def test_every_card_can_be_opened_alone(page):
    from atlas import store, ui

    database, _ = store.current()
    parameters = PAGE[page].parameters(ui.Page(None, WORDS, database, page))
    cards = next(parameter for parameter in parameters if parameter.name == "card").allowed
    assert cards
    for card in cards:
        app = opened(page, card=card)
        titles = [element for element in app.get("markdown") if element.value.startswith("## ")]
        assert len(titles) == 1, (card, [title.value for title in titles])
        figures = charts(app)
        assert len(figures) + len(app.dataframe) >= 1, card
        assert len(figures) <= 1, card


@pytest.mark.parametrize("page", WITH_CARDS)
def test_every_card_that_a_page_draws_has_a_link(page):
    """A card that is missing in the list of the page could not be opened alone."""
    from atlas import store, ui

    parameters = PAGE[page].parameters(ui.Page(None, WORDS, store.current()[0], page))
    listed = set(next(parameter for parameter in parameters if parameter.name == "card").allowed)
    drawn = set()
    for tab in getattr(PAGE[page], "TABS", [""]):
        app = opened(page, **({"tab": tab} if tab else {}))
        drawn |= {button.key.split(":")[1] for button in app.button if button.key and button.key.startswith("share:")}
    assert drawn <= listed


@pytest.mark.parametrize("page", PAGE)
@pytest.mark.parametrize(
    "query",
    [
        {"scale": "per-capita"},
        {"scale": "per-gdp", "countries": "TWN,VAT,ARE"},
        {"lang": "fr"},
        {"lang": "ko"},
        {"evidence": ""},
        {"evidence": "planned"},
        {"evidence": "official"},
    ],
)
def test_every_page_draws_for_every_scale_language_and_kind_of_evidence(page, query):
    assert said(opened(page, **query)).strip()


@pytest.mark.parametrize("page", PAGE)
@pytest.mark.parametrize(
    "query",
    [
        {"evidence": "rumour"},
        {"lang": "xx"},
        {"scale": "per-cow"},
        {"nonsense": "1"},
        {"tab": "x' OR 1=1"},
        {"countries": ",".join(["KOR", "USA", "CHN", "JPN", "FRA", "DEU", "GBR"])},
        {"card": "<script>"},
    ],
)
def test_what_the_page_does_not_know_is_dropped_with_a_hint(page, query):
    app = opened(page, **query)
    assert WORDS("hint.dropped", items="")[:20] in said(app)
    assert app.title or app.header


def test_the_hint_shows_hostile_text_as_text():
    app = opened("overview", evidence="**bold** <b>")
    (hint,) = [info for info in app.info if "evidence" in info.value]
    assert "\\*\\*bold\\*\\*" in hint.value


def test_the_url_is_the_choice():
    app = opened("compute", countries="FRA,KOR", evidence="official,estimated", scale="per-capita", tab="sites")
    assert app.session_state["choice:countries"] == ["FRA", "KOR"]
    assert app.session_state["choice:evidence"] == ["official", "estimated"]
    assert app.session_state["choice:scale"] == "per-capita"
    assert app.session_state["choice:tab"] == "sites"


def test_a_change_of_a_control_changes_the_figures():
    app = opened("compute")
    before = [chart.spec for chart in charts(app)]
    app.pills(key="choice:countries").set_value(["KOR"]).run()
    app.selectbox(key="add:choice:countries:1").set_value("FRA").run()
    assert not app.exception
    assert [chart.spec for chart in charts(app)] != before
    assert app.query_params["countries"] in ("KOR,FRA", ["KOR,FRA"])


def test_the_first_screen_makes_the_point():
    app = opened("overview")
    assert "South Korea" in app.title[0].value
    assert "high-bandwidth memory" in app.title[0].value.replace("\\", "")
    assert len(charts(app)) <= 3


@pytest.mark.parametrize("panel", ["table", "sources", "method", "download", "share"])
def test_every_panel_of_a_card_opens(panel):
    app = opened("overview")
    app.button(key=f"{panel}:dependence").click().run()
    assert not app.exception


def test_a_search_leads_to_the_profile_of_the_name(monkeypatch):
    from atlas import ui

    led = []
    monkeypatch.setattr(ui.Page, "go", lambda page, name, **query: led.append((name, query)))
    app = opened("overview")
    for part, thing in (("Rebellions · 리벨리온", "rebellions"), ("Corée du Sud", "KOR"), ("대한민국", "KOR"), ("SK하이닉스", "sk-hynix")):
        box = app.selectbox(key=f"search:{len(led)}")
        box.set_value(next(entry for entry in box.options if part in entry)).run()
        app.run()
        assert led[-1] == ("profile", {"id": thing})


@pytest.mark.parametrize("kinds", [kinds for n in range(4) for kinds in [EVIDENCE[: n + 1]]])
def test_fewer_kinds_of_evidence_never_add_sites(kinds, database):
    few = database.read("compute_by_country", evidence=list(kinds))["sites"].sum()
    assert few <= database.read("compute_by_country", evidence=list(EVIDENCE))["sites"].sum()


# Wrong data ---------------------------------------------------------------------------------------------------------


def test_problems_of_the_data_are_shown_to_the_editor_and_not_to_the_world(monkeypatch):
    from atlas import store

    database, _ = store.current()
    problem = store.Problem("chips.csv", 41, "source_id", "h20", "it names no row of sources.csv: add the row there first, or correct it")
    monkeypatch.setattr(store, "current", lambda: (database, [problem]))
    app = opened("overview")
    assert "chips.csv line 41" in said(app).replace("\\", "")
    assert charts(app)
    monkeypatch.setenv("ATLAS_HOSTED", "1")
    hosted = opened("overview")
    assert "chips.csv" not in said(hosted)
    assert charts(hosted)


def test_without_any_data_a_reader_gets_a_sentence(monkeypatch):
    from atlas import store

    def fail():
        raise store.DataError([store.Problem("chips.csv", 41, "source_id", "h20", "it names no row of sources.csv")])

    monkeypatch.setattr(store, "current", fail)
    assert "chips.csv line 41" in said(opened("overview")).replace("\\", "")
    monkeypatch.setenv("ATLAS_HOSTED", "1")
    hosted = opened("overview")
    assert "chips.csv" not in said(hosted)
    assert "The Atlas has no data to show at the moment." in said(hosted)
