"""Pages in French and in Korean: no table shows a code of the data or an English name of a country, and Korean organisations have their Korean names."""

import json
import re

import pytest

from tests.conftest import TEXTS
from tests.pages.test_pages import TABS, charts, opened, said
from tests.test_codes import ALLOWED

CODES = {code for listed in ALLOWED.values() for code in listed if len(code) > 2}
RAW = {("data", "tables"), ("data", "sql")}  # tables as they are in the files
PROFILES = ("sk-hynix", "KOR", "nvidia-h100", "kor-sovereign-fm", "fugaku", "deepseek-v3")


def codes_in(lang: str) -> set[str]:
    """Codes, save those that are also words of the language (public, cloud)."""
    return CODES - {row[lang] for row in TEXTS.values()}


def tables_of(app, lang: str) -> dict[str, set]:
    """Every table of the page, those behind its charts too: which codes stand in its cells, by column."""
    for button in app.button:
        if button.key and button.key.startswith("table:"):
            app.session_state[f"panel:{button.key.removeprefix('table:')}"] = "table"
    app.run()
    assert not app.exception
    wanted = codes_in(lang)
    english = {row["en"] for key, row in TEXTS.items() if key.startswith("country.") and row["en"] != row[lang]}
    found = {}
    for table in app.dataframe:
        for column in table.value.columns.drop("purpose", errors="ignore"):  # of a site in free words, of a chip a code
            cells = {cell for cell in table.value[column] if isinstance(cell, str)}
            if bad := cells & (wanted | english):
                found.setdefault(column, set()).update(bad)
    return found


def english_ticks(app, lang: str) -> list[str]:
    """Ticks of the charts that count as English does, and time axes whose ticks Plotly would write with English months."""
    counted = {"fr": r"[\d.,\s]+(bn|tn|B|K)", "ko": r"[\d.,]+ ?(k|K|M|bn|tn|B)"}[lang]
    found = []
    for chart in (json.loads(element.proto.spec) for element in app.get("plotly_chart")):
        for name, axis in chart["layout"].items():
            if not re.match("[xy]axis", name):
                continue
            found += [text for text in axis.get("ticktext", ()) if re.fullmatch(counted, str(text))]
            days = [trace["x"] for trace in chart["data"] if name.startswith("x") and isinstance(trace.get("x"), list)]
            is_time = any(re.match(r"\d{4}-\d\d-\d\d", str(day)) for column in days for day in column)
            if (
                is_time
                and "ticktext" not in axis
                and [stop["value"] for stop in axis.get("tickformatstops", ())] != ["%Y", "%Y-%m", "%Y-%m-%d"]
            ):
                found.append(name)
    return found


@pytest.mark.parametrize("lang", ["fr", "ko"])
@pytest.mark.parametrize(("page", "tab"), [place for place in TABS if place not in RAW and place[0] != "profile"])
def test_no_table_of_a_page_shows_a_code_and_no_axis_counts_in_english(page, tab, lang):
    app = opened(page, lang=lang, **({"tab": tab} if tab else {}))
    assert english_ticks(app, lang) == []
    assert tables_of(app, lang) == {}


def test_the_chart_of_an_answer_has_no_english_months():
    assert english_ticks(opened("data", lang="fr", tab="sql"), "fr") == []


@pytest.mark.parametrize("lang", ["fr", "ko"])
@pytest.mark.parametrize("thing", PROFILES)
def test_no_table_of_a_profile_shows_a_code(thing, lang):
    from pages.profile import TABS as PARTS

    for tab in PARTS:
        assert tables_of(opened("profile", id=thing, tab=tab, lang=lang), lang) == {}, tab


def test_korean_pages_name_korean_organisations_in_korean():
    consortia = opened("consortia", lang="ko")
    everything = said(consortia) + "".join(chart.alt + chart.spec for chart in charts(consortia))
    assert "SK텔레콤" in everything
    assert "업스테이지" in everything
    assert "SK Telecom" not in everything
    (hbm,) = charts(opened("overview", lang="ko", card="hbm-companies"))
    assert "SK하이닉스" in hbm.alt
    assert "SK하이닉스" in [trace["name"] for trace in json.loads(hbm.spec)["data"]]


def test_a_korean_name_leads_to_the_profile_which_says_the_english_one():
    from pages.consortia import NAME

    app = opened(NAME, lang="ko", tab="members", card="member-list")
    links = {cell for table in app.dataframe if "member" in table.value for cell in table.value["member"]}
    assert any("id=sk-telecom" in link and "lang=ko" in link for link in links)
    profile = opened("profile", lang="ko", id="sk-hynix")
    assert profile.title[0].value == "SK하이닉스"
    assert "SK hynix" in said(profile)
