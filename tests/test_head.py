"""The head of a page: what a messenger, a search engine and the tab of a browser are told, over HTTP as they ask for it."""

import asyncio
import http.client
import struct
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from starlette.responses import HTMLResponse

from atlas import store
from atlas.head import PREVIEW, PREVIEW_HEIGHT_PX, PREVIEW_WIDTH_PX, PageHead, head_of
from atlas.texts import NO_DATA
from pages import PAGES, chip_supply, profile
from tests.server import serving


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server")) as address:
        yield address


class Answer(HTMLParser):
    """What a server answers, and what its HTML says of itself: `lang`, `title`, `links` by relation, `said` by name or property."""

    def __init__(self, response: http.client.HTTPResponse):
        super().__init__()
        self.status, self.headers, self.body = response.status, response.headers, response.read()
        self.lang, self.title, self.links, self.said, self.scripts = "", "", {}, {}, 0
        self._is_in_title = False
        if self.headers.get_content_type() == "text/html":
            self.feed(self.body.decode())

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self._is_in_title = tag == "title"
        self.scripts += tag == "script"
        if tag == "html":
            self.lang = values["lang"]
        elif tag == "link":
            self.links[values["rel"]] = values["href"]
        elif tag == "meta" and "content" in values:
            self.said[values.get("property") or values["name"]] = values["content"]

    def handle_data(self, data):
        if self._is_in_title:
            self.title += data
            self._is_in_title = False


def ask(server: str, path: str, method: str = "GET", **headers: str) -> Answer:
    """One request, its headers as they are: `Host` too, which other clients would not let one spoil."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        return Answer(connection.getresponse())
    finally:
        connection.close()


@pytest.mark.parametrize("module", PAGES, ids=lambda module: module.NAME)
def test_every_page_says_its_own_title_and_description(server, module):
    page, other = ask(server, f"/{module.PATH}"), ask(server, "/method" if module.NAME != "method" else "/")
    assert page.title == page.said["og:title"]
    assert page.title.endswith(" · Sovereign AI Atlas")
    assert page.title != other.title
    assert page.said["description"] == page.said["og:description"] != other.said["description"]
    assert not page.said["description"].startswith("page.")
    assert page.links["canonical"] == page.said["og:url"] == f"{server}/{module.PATH}"
    assert page.lang == "en"
    assert page.said["og:locale"] == "en_US"
    assert page.said["og:type"] == "website"
    assert page.said["twitter:card"] == "summary_large_image"


def test_a_deep_link_says_what_its_choice_shows(server):
    hbm, dram = ask(server, "/chip-supply"), ask(server, "/chip-supply?segment=dram&utm_source=letter&lang=fr&nonsense=1")
    assert hbm.said["og:description"].startswith("HBM, ")
    assert dram.said["og:description"].startswith("DRAM, ")
    assert dram.lang == "fr"
    assert dram.said["og:locale"] == "fr_FR"
    assert dram.said["og:url"] == f"{server}/chip-supply?lang=fr&segment=dram"


def test_a_profile_is_named_by_its_thing_and_a_card_by_its_title(server):
    assert ask(server, "/profile?id=sk-hynix").title == "SK hynix · Sovereign AI Atlas"
    assert ask(server, "/profile?id=KOR").title == "South Korea · Sovereign AI Atlas"
    assert ask(server, "/?card=hbm-companies").title == "Who makes high-bandwidth memory · Sovereign AI Atlas"
    assert ask(server, "/chip-supply?card=companies").title == "Chip supply · Sovereign AI Atlas"  # its title is completed by the card


@pytest.mark.parametrize(("lang", "expected"), [("ko", "ko"), ("fr", "fr"), ("en", "en"), ("xx", "en"), ('"><script>', "en")])
def test_the_language_is_one_that_the_atlas_speaks(lang, expected):
    assert head_of(chip_supply, {"lang": [lang]}).lang == expected


def test_a_page_is_the_same_for_who_packs_who_asks_again_and_who_asks_for_its_head_alone(server):
    plain, start = ask(server, "/compute"), ask(server, "/")
    assert int(plain.headers["Content-Length"]) == len(plain.body)
    assert plain.headers["Cache-Control"] == "no-cache"
    assert plain.headers["ETag"] is plain.headers["Last-Modified"] is None  # those of index.html are the same for every page
    assert start.headers["ETag"] is None
    again = ask(server, "/compute", Accept_Encoding="gzip", If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT", Range="bytes=0-9")
    assert (again.status, again.body) == (200, plain.body)
    only = ask(server, "/compute", "HEAD")
    assert only.body == b""
    assert only.headers["Content-Length"] == plain.headers["Content-Length"]


def test_addresses_are_those_under_which_a_proxy_serves_the_atlas(server):
    page = ask(server, "/compute", X_Forwarded_Proto="https, http", X_Forwarded_Host="atlas.example.org")
    assert page.said["og:url"] == "https://atlas.example.org/compute"
    assert page.said["og:image"] == "https://atlas.example.org/preview.png"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": '"><script>alert(1)</script>'},
        {"X_Forwarded_Host": "a.example/'\"><script>"},
        {"X_Forwarded_Proto": "javascript", "Host": "x\\g<0>"},
        {"Host": ""},
        {"Host": "[::1"},
    ],
)
def test_a_hostile_header_puts_nothing_into_a_page(server, headers):
    page = ask(server, "/compute", **headers)
    assert page.scripts == ask(server, "/compute").scripts
    assert page.said["og:url"] == "/compute"


@pytest.mark.parametrize("value", ["%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "%5Cg%3C0%3E%5C1", "%00%FF%ED%A0%80", "%22" * 4000])
def test_a_hostile_query_puts_nothing_into_a_page(server, value):
    page = ask(server, f"/profile?id={value}&lang={value}&{value}={value}")
    assert page.status == 200
    assert page.scripts == ask(server, "/profile").scripts
    assert page.title == "Profile · Sovereign AI Atlas"


def test_what_is_no_page_passes_untouched(server):
    assert ask(server, "/_stcore/health").body == b"ok"
    assert ask(server, "/favicon.png").headers["Content-Type"] == "image/png"
    assert ask(server, "/compute", "POST").status == 405


def test_the_preview_is_a_picture_of_the_size_that_is_said(server):
    page = ask(server, "/")
    assert page.said["og:image"] == f"{server}/{PREVIEW.name}"
    assert page.said["og:image:alt"]
    picture = ask(server, f"/{PREVIEW.name}")
    assert picture.headers["Content-Type"] == page.said["og:image:type"] == "image/png"
    assert picture.body.startswith(b"\x89PNG")
    assert len(picture.body) < 300_000
    assert struct.unpack(">II", picture.body[16:24]) == (PREVIEW_WIDTH_PX, PREVIEW_HEIGHT_PX)
    assert (page.said["og:image:width"], page.said["og:image:height"]) == (str(PREVIEW_WIDTH_PX), str(PREVIEW_HEIGHT_PX))


def test_without_any_data_a_link_still_says_what_it_leads_to(monkeypatch):
    def fail():
        raise store.DataError([])

    monkeypatch.setattr(store, "current", fail)
    empty = head_of(profile, {"id": ["sk-hynix"], "lang": ["fr"]})
    assert (empty.title, empty.description, empty.lang) == ("Sovereign AI Atlas", NO_DATA, "en")


def test_no_country_chosen_is_no_fault():
    assert head_of(chip_supply, {"countries": [""]}).description.startswith("Market shares of HBM")


def test_a_page_without_a_head_of_its_own_is_still_a_page(monkeypatch, caplog):
    def fail():
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(store, "current", fail)
    html, sent = "<html><head><title>Streamlit</title></head></html>", []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/compute", "query_string": b"", "headers": [], "scheme": "http"}
    with ThreadPoolExecutor(1) as thread:  # this one may run the loop of a browser
        thread.submit(lambda: asyncio.run(PageHead(HTMLResponse(html))(scope, None, send))).result()
    assert [message["status"] for message in sent[:1]] == [200]
    assert sent[1]["body"] == html.encode()
    assert "disk on fire" in caplog.text
