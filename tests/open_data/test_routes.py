"""What the server gives to programs: rows in every format, what they rest on, a feed, a description; and what it refuses."""

import io
import json
from xml.etree import ElementTree

import feedparser
import pandas as pd
import pytest

from atlas import measures, store
from atlas.filters import Query, parse_query
from atlas.formats import MEDIA_TYPES
from atlas.open_data.measures import MEASURES
from atlas.selection import EVIDENCE

ROUTES = [
    "/api/v1/tables", "/api/v1/tables/chips.csv", "/api/v1/tables/chips.json", "/api/v1/tables/chips.parquet", "/api/v1/tables/chips.xlsx",
    "/api/v1/measures/dependence.csv", "/api/v1/measures/index.json", "/api/v1/sources/epoch-gpu-clusters", "/api/v1/datapackage.json", "/api/v1/openapi.json",
    "/citation.bib", "/feed.xml", "/robots.txt", "/sitemap.xml",
]  # fmt: skip


def problem_of(answer) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == answer.status
    return answer.json["detail"]


def test_every_table_is_listed_with_its_columns_and_files(client):
    answer = client.ask("/api/v1/tables")
    declared = {name for name in store.read_declaration(store.DATA_DIR / "schema.sql")[1] if name not in store.WORDS}
    assert {table["name"] for table in answer.json["tables"]} == declared
    chips = next(table for table in answer.json["tables"] if table["name"] == "chips")
    (memory,) = [column for column in chips["columns"] if column["name"] == "memory_gb"]
    assert (memory["unit"], memory["type"], memory["is_required"]) == ("GB", "number", False)
    for table in answer.json["tables"]:
        for address in table["files"].values():
            assert client.ask(address.removeprefix(client.address), "HEAD").status == 200


@pytest.mark.parametrize("ending", MEDIA_TYPES)
def test_rows_come_with_the_filters_of_the_page(client, database, ending):
    path = f"/api/v1/tables/chips.{ending}?vendor_org_id=nvidia%7Camd&memory_gb=80..&columns=chip_id,memory_gb&sort=-memory_gb&limit=7&offset=2"
    answer = client.ask(path)
    types = {column.name: column.type for column in database.tables["chips"].columns}
    asked = [
        ("vendor_org_id", "nvidia|amd"),
        ("memory_gb", "80.."),
        ("columns", "chip_id,memory_gb"),
        ("sort", "-memory_gb"),
        ("limit", "7"),
        ("offset", "2"),
    ]
    expected = database.rows(parse_query("chips", types, asked))
    read = {
        "csv": lambda: pd.read_csv(io.BytesIO(answer.content)),
        "json": lambda: pd.DataFrame(answer.json["rows"]),
        "parquet": lambda: pd.read_parquet(io.BytesIO(answer.content)),
        "xlsx": lambda: pd.read_excel(io.BytesIO(answer.content)),
    }
    assert read[ending]().to_numpy().tolist() == expected.to_numpy().tolist()
    assert len(expected) == 7
    assert int(answer.headers["x-total-rows"]) == database.count(parse_query("chips", types, asked[:2]))
    assert answer.headers["content-type"] == MEDIA_TYPES[ending]
    assert 'rel="license"' in answer.headers["link"]
    assert f"atlas-chips.{ending}" in answer.headers["content-disposition"]


def test_a_csv_for_readers_says_what_it_rests_on(client, database):
    lines = client.ask("/api/v1/tables/chips.csv?about=yes&vendor_org_id=rebellions").content.decode().splitlines()
    said = [line for line in lines if line.startswith("# source: ")]
    rows = database.rows(Query("chips", (("vendor_org_id", "rebellions"),)))
    assert {line.split("# source: ")[1].split(" | ")[0] for line in said} == set(rows["source_id"])
    assert f"# data_version: {database.version}" in lines
    assert pd.read_csv(io.StringIO("\n".join(lines)), comment="#").shape == (len(rows), len(rows.columns))


@pytest.mark.parametrize("path", ROUTES)
def test_what_a_client_has_already_is_not_sent_again(client, path):
    first = client.ask(path)
    assert first.status == 200, first.content
    assert first.headers["access-control-allow-origin"] == "*"
    tag = first.headers["etag"]
    assert first.headers["x-data-version"] in tag
    again = client.ask(path, If_None_Match=f'"other", {tag}')
    assert (again.status, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.ask(path, If_None_Match='W/"older"').status == 200
    head = client.ask(path, "HEAD")
    assert (head.status, head.content, head.headers["content-type"]) == (200, b"", first.headers["content-type"])


@pytest.mark.parametrize("path", [*ROUTES, "/readyz"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(client, path, method):
    answer = client.ask(path, method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert method in problem_of(answer)


def test_a_browser_of_another_site_may_ask(client):
    answer = client.ask("/api/v1/tables/chips.csv", "OPTIONS", Origin="https://example.org", Access_Control_Request_Headers="if-none-match")
    assert answer.status == 204
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "if-none-match"


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/api/v1/tables/nope.csv", 404, "there is no table 'nope'"),
        ("/api/v1/tables/texts.csv", 404, "there is no table 'texts'"),
        ("/api/v1/tables/translations.csv", 404, "there is no table 'translations'"),
        ("/api/v1/tables/build_info.csv", 404, "there is no table"),
        ("/api/v1/tables/chips.xml", 404, "there is no format 'xml'"),
        ("/api/v1/tables/chips.csv?nope=1", 400, "has no column 'nope'"),
        ("/api/v1/tables/chips.csv?memory_gb=big", 400, "write a number"),
        ("/api/v1/tables/chips.csv?limit=-1", 400, "limit"),
        ("/api/v1/tables/chips.csv?limit=1&limit=2", 400, "twice"),
        ("/api/v1/tables/chips.csv?about=maybe", 400, "about"),
        ("/api/v1/tables/chips.csv?q=%00", 400, "control characters"),
        ("/api/v1/tables/chips.csv?name=%27%3B%20DROP%20TABLE%20chips%3B--%00", 400, "name="),
        ("/api/v1/measures/nope.csv", 404, "there is no measure"),
        ("/api/v1/measures/index.parquet", 404, "there is no format"),
        ("/api/v1/measures/index.csv?weights=0,0,0,0,0,0,0,0", 400, "weights"),
        ("/api/v1/measures/exposure.csv?stop=nobody", 400, "stop cannot be 'nobody'"),
        ("/api/v1/measures/hhi.csv?countries=KOR", 400, "has no parameter 'countries'"),
        ("/api/v1/sources/nope", 404, "there is no source 'nope'"),
        ("/api/v1/nothing", 404, "there is nothing at /api/v1/nothing"),
        ("/api/v2", 404, "there is nothing"),
        ("/feed.xml?countries=XXX", 400, "codes of three letters"),
        ("/feed.xml?nope=1", 400, "has no parameter"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(client, path, status, says):
    answer = client.ask(path)
    assert answer.status == status
    assert says in problem_of(answer)


def test_text_that_looks_like_sql_is_text(client, database):
    answer = client.ask("/api/v1/tables/chips.json?name=~%27%20OR%201%3D1%20--")
    assert answer.json["rows"] == []
    assert database.count(Query("chips")) > 0


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_has_the_columns_that_it_promises(client, name):
    answer = client.ask(f"/api/v1/measures/{name}.csv")
    assert list(pd.read_csv(io.BytesIO(answer.content))) == list(MEASURES[name].columns)
    rows = client.ask(f"/api/v1/measures/{name}.json").json["rows"]
    assert len(rows) == int(answer.headers["x-total-rows"]) > 0
    assert all(row["source_ids"] for row in rows if row.get("share_pct") is not None)


def test_measures_are_those_of_the_pages(client, database):
    shares = measures.dependence(database.read("holdings", evidence=list(EVIDENCE)))
    korea = shares[(shares["iso3"] == "KOR") & (shares["layer"] == "design")]["share_pct"].iloc[0]
    rows = client.ask("/api/v1/measures/dependence.json?countries=KOR").json["rows"]
    assert {row["iso3"] for row in rows} == {"KOR"}
    assert next(row["share_pct"] for row in rows if row["layer"] == "design") == pytest.approx(korea)
    index = pd.DataFrame(client.ask("/api/v1/measures/index.json?weights=3,3,3,3,1,1,1,1").json["rows"]).set_index("iso3")
    expected = measures.ranked(shares, dict(zip(measures.LAYERS, (3, 3, 3, 3, 1, 1, 1, 1), strict=True))).set_index("iso3")
    assert index.loc["KOR", "index"] == pytest.approx(expected.loc["KOR", "index"])
    assert index.loc["KOR", "rank_high"] == expected.loc["KOR", "rank_high"]


def test_exposure_is_asked_for_by_company_and_by_country(client):
    rows = client.ask("/api/v1/measures/exposure.json?stop=tsmc&stage=foundry&countries=KOR,USA").json["rows"]
    running = {row["iso3"]: row for row in rows if row["status"] == "operational"}
    assert running["KOR"]["high_pct"] > 90
    more = client.ask("/api/v1/measures/exposure.json?stop=TWN&stage=foundry&countries=KOR").json["rows"]
    assert next(row for row in more if row["status"] == "operational")["low_pct"] >= running["KOR"]["low_pct"]


def test_evidence_narrows_a_measure(client):
    some, every = (client.ask(f"/api/v1/measures/hhi.json{query}").json["rows"] for query in ("?evidence=official", ""))
    assert len(some) < len(every)


def test_a_source_says_what_rests_on_it(client, database):
    answer = client.ask("/api/v1/sources/epoch-gpu-clusters").json
    assert answer["source"]["publisher"] == "Epoch AI"
    sites = next(one for one in answer["rests_on_it"] if one["table"] == "sites")
    assert sites["rows"] == len(client.ask(sites["file"].removeprefix(client.address)).json["rows"]) > 0


def test_the_feed_is_valid_and_can_be_had_for_one_country(client, database):
    for query, countries in (("", None), ("?countries=KOR", {"KOR"}), ("?countries=KOR,FRA", {"KOR", "FRA"})):
        feed = feedparser.parse(client.ask(f"/feed.xml{query}").content)
        assert not feed.bozo
        assert feed.version == "atom10"
        assert feed.feed.title.startswith("Sovereign AI Atlas")
        assert len({entry.id for entry in feed.entries}) == len(feed.entries) > 10
        titles = set(database.read("feed_events", where={"iso3": sorted(countries)} if countries else None)["title"])
        assert {entry.title for entry in feed.entries} <= titles
        for entry in feed.entries:
            assert entry.updated_parsed
            assert entry.link.startswith(client.address)


def test_the_feed_does_not_say_that_it_was_updated_in_the_future(client):
    feed = feedparser.parse(client.ask("/feed.xml").content)
    assert max(entry.updated for entry in feed.entries) <= feed.feed.updated


def test_crawlers_find_every_page_and_profile(client, database):
    robots = client.ask("/robots.txt").content.decode()
    assert f"Sitemap: {client.address}/sitemap.xml" in robots
    urls = [element.text for element in ElementTree.fromstring(client.ask("/sitemap.xml").content).iter() if element.tag.endswith("loc")]
    assert f"{client.address}/compute" in urls
    assert f"{client.address}/profile?id=sk-hynix" in urls
    assert len(urls) == len(set(urls)) == 2 + database.read("things")["id"].nunique()


def test_addresses_are_those_that_a_proxy_says(client):
    answer = client.ask("/robots.txt", X_Forwarded_Proto="https", X_Forwarded_Host="atlas.example.org")
    assert "Sitemap: https://atlas.example.org/sitemap.xml" in answer.content.decode()


def test_the_citation_names_version_and_day(client, database):
    text = client.ask("/citation.bib").content.decode()
    assert text.startswith(f"@misc{{sovereign-ai-atlas-{database.version},")
    assert text.count("{") == text.count("}")
    assert "year = {20" in text


def test_a_server_is_ready_when_a_query_is_answered(client, database):
    answer = client.ask("/readyz")
    assert answer.json == {
        "status": "ready",
        "data_version": database.version,
        "rows": int(database.read("build_info")["table_rows"].iloc[0]),
    }
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_without_data_the_server_says_so(client, monkeypatch):
    def broken():
        raise store.DataError([])

    monkeypatch.setattr(store, "current", broken)
    for path in ("/readyz", "/api/v1/tables", "/feed.xml"):
        answer = client.ask(path)
        assert answer.status == 503
        assert "there is no data" in problem_of(answer)


def test_a_fault_of_the_server_is_no_page_of_code(client, monkeypatch):
    monkeypatch.setattr(store.Database, "count", lambda self, query: 1 / 0)
    answer = client.ask("/api/v1/tables/chips.csv")
    assert answer.status == 500
    assert "ZeroDivisionError" not in problem_of(answer)


def test_the_names_of_the_fields_are_those_of_the_declaration(client, database):
    """Stable names: what a program reads today is there tomorrow, unless schema.sql says otherwise."""
    for name, table in database.tables.items():
        header = client.ask(f"/api/v1/tables/{name}.csv?limit=0").content.decode().strip()
        assert header.split(",") == table.column_names
    assert list(json.loads(client.ask("/api/v1/tables/chips.json?limit=1").content)) == [
        "title",
        "address",
        "data_version",
        "date",
        "licence",
        "sources",
        "rows",
    ]
