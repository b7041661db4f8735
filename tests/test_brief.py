"""The briefing: one file, its figures those of the database, every source in it, nothing in it that a browser would obey or fetch."""

import os
import re
import shutil
import subprocess
import sys
from html import unescape

import pytest

from atlas import brief, cards, comparison, measures, store
from atlas.selection import EVIDENCE, LANGUAGES
from tests.conftest import ROOT, words

PLOTLY = re.compile(r"<script>.*?</script>", re.DOTALL)


def written(database, *countries, lang="en", evidence=EVIDENCE):
    """The file without the code of Plotly, and its reading."""
    page = brief.reading(database, countries, lang, evidence)
    return PLOTLY.sub("", brief.document(page)), page


def text_of(html):
    return unescape(re.sub(r"<[^>]+>", " ", html))


@pytest.fixture(scope="module")
def korea(database):
    return written(database, "KOR", "USA", "CHN")


def test_the_title_is_the_finding_of_the_overview(korea):
    html, page = korea
    leverage = page.read("leverage", where={"segment_id": cards.SEGMENTS}, evidence=page.evidence)
    headline = cards.headline(page, leverage)
    assert f"<h1>{headline}</h1>" in html
    assert words().percent(leverage.set_index(["segment_id", "iso3"])["share_pct"]["hbm", "KOR"]) in headline


def test_it_holds_the_figures_of_the_database(korea, database):
    html, _ = korea
    text = text_of(html)
    compute = database.read("compute_by_country", evidence=list(EVIDENCE)).set_index(["iso3", "status"])["h100e"]
    values = database.read("indicator_values", evidence=list(EVIDENCE), scale="absolute").set_index(["indicator_id", "iso3"])["value"]
    for code in ("KOR", "USA", "CHN"):
        assert words().short(compute[code, "operational"]) in text
        assert words().short(values["population", code]) in text
        assert words().amount(values["top500-rmax-pflops", code]) in text
    events = database.read("event_list", where={"iso3": ["KOR"]})
    assert sum(title in text for title in events["title"]) >= 2


def test_every_source_used_is_in_the_list_and_every_number_has_one(korea, database):
    html, page = korea
    listed = re.findall(r"<li>(.*?)</li>", html.split('<ol class="sources">')[1])
    drawn = (
        cards.dependence_matrix(page),
        cards.leverage_matrix(page, "leverage", cards.SEGMENTS),
        cards.compute_by_state(page, "h100e", "compute-states"),
        cards.hbm_companies(page),
        cards.contest(page),
    )
    frames = [card.frame for card in drawn] + [cards.chosen_rows(page, comparison.compared(page)), cards.newest_events(page)]
    used = {source for frame in frames for source in measures.merged(frame["source_ids"])}
    urls = database.read("sources", where={"source_id": sorted(used)})["url"]
    entries = unescape("\n".join(listed))
    assert [url for url in urls if url not in entries] == []
    numbers = [int(number) for line in re.findall(r"Sources: ([\d–, ]+)<", html) for number in re.split("–|, ", line)]
    assert max(numbers) == len(listed)
    assert f"Sources ({len(listed)})" in html


def test_version_date_evidence_and_licence_are_stated(korea, database):
    text = text_of(korea[0])
    assert database.version in text
    assert database.read("data_state")["newest_source"].iloc[0] in text
    assert "official, reported, estimated and planned" in text
    assert "CC BY 4.0" in text


def test_the_contest_is_there_where_its_country_is(korea, database):
    assert "Korea’s sovereign foundation model project" in korea[0]
    assert "Korea’s sovereign foundation model project" not in written(database, "FRA", "DEU")[0]


def test_nothing_is_fetched_from_anywhere(korea):
    html, _ = korea
    assert re.findall(r"\b(?:src|href|srcset|poster|action)\s*=", html) == []
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_plotly_stands_in_it_once(database):
    assert len(PLOTLY.findall(brief.document(brief.reading(database, ["KOR"], "en")))) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_in_the_language_chosen(database, lang):
    html, _ = written(database, "KOR", "USA", lang=lang)
    assert f'<html lang="{lang}">' in html
    assert words(lang)("brief.key_figures") in html


@pytest.mark.parametrize("countries", [("KEN", "UKR"), ("VAT",), ("EUU", "FRA", "DEU", "GBR", "JPN", "KOR")])
@pytest.mark.parametrize("evidence", [EVIDENCE, ("planned",), ("official",), ()])
def test_little_or_nothing_known_is_said_in_words(database, countries, evidence):
    text = text_of(re.sub(r"<script.*?</script>", "", written(database, *countries, evidence=evidence)[0], flags=re.DOTALL))
    assert "nan" not in text.lower().split()
    assert "None" not in text
    assert "not known" in text


HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def hostile(folder):
    """Names that a careless page would run."""
    shutil.copy(store.DATA_DIR / "texts.csv", folder.path / "texts.csv")
    folder.add(
        "sources",
        {
            "source_id": "h", "publisher": HOSTILE, "title": HOSTILE, "url": "https://example.org/h?a=1&b=2", "published": "2026-01-02", "retrieved": "2026-02", "kind": "press", "is_weak": "no",
        },
    )  # fmt: skip
    folder.add("organisations", {"org_id": "evil", "name": HOSTILE, "iso3": "KOR", "kind": "company", "sector": "test", "source_id": "h"})
    folder.add("segments", {"segment_id": "hbm", "stage": "memory", "position": 1, "market_iso3": "WLD", "is_competitors_market": "yes", "is_whole_market": "yes", "description": "x"})  # fmt: skip
    share = {
        "segment_id": "hbm",
        "metric": "revenue",
        "tracker": HOSTILE,
        "org_id": "evil",
        "is_forecast": "no",
        "is_preferred": "yes",
        "source_id": "h",
    }
    folder.add("market_shares", share | {"period": "2025-Q3", "share_pct": 60}, share | {"period": "2025-Q4", "share_pct": 70})
    folder.add("events", {"event_id": "e", "date": "2026-01", "iso3": "KOR", "kind": "policy", "title": HOSTILE, "source_id": "h"})
    folder.add("indicators", {"indicator_id": "racks", "name": HOSTILE, "unit": "</td><img src=x onerror=alert(1)>", "description": "x"})
    folder.add("observations", *({"iso3": iso3, "indicator_id": "racks", "year": 2025, "value": 1 + (iso3 == "KOR"), "source_id": "h"} for iso3 in ("KOR", "USA")))  # fmt: skip
    folder.add_site("x", "KOR", chips={"nvidia-h100": 5}, parties={("evil", "owner"): 1}, source_id="h")
    return folder


def test_hostile_names_stay_plain_text(hostile):
    html, _ = written(hostile.database(), "KOR", "USA")
    assert "<script>alert" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4
    assert len(re.findall(r"<script\b", html)) == len(re.findall(r'<script type="application/json"', html))


# The command --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def build_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("build")


@pytest.fixture
def command(tmp_path, build_dir):
    def run(*arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "atlas", "brief", *arguments],
            cwd=tmp_path,
            env=os.environ | {"ATLAS_BUILD_DIR": str(build_dir), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_the_command_writes_the_file(command, tmp_path):
    result = command("KOR", "--against", "usa", "CHN", "-o", "korea.html")
    assert result.returncode == 0, result.stderr
    assert "korea.html" in result.stderr
    html = (tmp_path / "korea.html").read_text(encoding="utf-8")
    assert "South Korea" in html
    assert html.startswith("<!DOCTYPE html>")


def test_without_a_name_the_file_is_named_after_the_countries(command, tmp_path):
    assert command("FRA", "--against", "DEU", "--lang", "fr").returncode == 0
    assert (tmp_path / "sovereign-ai-atlas-fra-deu-fr.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("XXX",), "no country XXX"),
        (("KOR", "--against", "Korea", "USA"), "no country KOREA"),
        (("WLD",), "no country WLD"),
        (("KOR", "--against", "USA", "CHN", "JPN", "TWN", "FRA", "DEU"), "6 countries at most"),
        (("KOR", "--lang", "xx"), "invalid choice"),
    ],
)
def test_a_wrong_command_is_a_sentence_and_exit_code_2(command, tmp_path, arguments, said):
    result = command(*arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("output", ["nowhere/korea.html", "."])
def test_a_file_that_cannot_be_written_is_a_sentence(command, output):
    result = command("KOR", "-o", output)
    assert result.returncode == 1
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.stderr
