"""The head of a page: the HTML that Streamlit serves for every page in, the same with title, description, language and preview of the page asked for out."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import FileResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atlas import store, ui
from atlas.open_data.answer import base_of
from atlas.selection import language_of, parse, to_query, to_selection
from atlas.texts import APP_NAME, NO_DATA, Words
from pages import PAGES

PREVIEW = Path(__file__).parent / "assets" / "preview.png"  # made by tools/preview.py
PREVIEW_WIDTH_PX, PREVIEW_HEIGHT_PX = 1200, 630
LOCALES = {"en": "en_US", "fr": "fr_FR", "ko": "ko_KR"}
# What would make the answer of the app a part of the page, packed, or "not modified" since a head that said something else.
CONDITIONS = {b"accept-encoding", b"if-match", b"if-modified-since", b"if-none-match", b"if-range", b"if-unmodified-since", b"range"}
OF_THE_FILE = {b"accept-ranges", b"content-length", b"etag", b"last-modified"}  # true of index.html, not of the page made from it

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Head:
    """What a browser, a search engine or a messenger is told of a page before any of its content. `query` is the shortest that says the same choice."""

    title: str
    description: str
    lang: str
    query: Mapping[str, str]
    preview: str


def subject(page: ui.Page) -> str:
    """What a page is about: the thing of a profile, the one card that is asked for, else the page by its name."""
    words = page.words
    kind, name = page.things[0].get(page.chosen.one("id"), ("", ""))
    if name:
        return words.country(page.chosen.one("id")) if kind == "country" else name
    card = f"card.{page.chosen.one('card')}.title"
    # Some titles are completed by what the card shows, which only the card knows.
    return words(card) if words.has(card) and "{" not in words(card) else words(f"page.{page.name}")


def title(page: ui.Page) -> str:
    """The name of a page for the tab of the browser and for a preview."""
    return f"{subject(page)} · {page.words('app.name')}"


def description(page: ui.Page, module: ModuleType) -> str:
    """What the page says of the reader's choice, where it has a headline for it, and what the page is for."""
    words = page.words
    if page.chosen.one("id") in page.things[0]:
        kind = page.things[0][page.chosen.one("id")][0]
        return words("page.profile.of", name=subject(page), kind=words(f"thing.{kind}"))
    about = words(f"page.{page.name}.description")
    if page.chosen.one("card") or not page.chosen.countries or not hasattr(module, "headline"):
        return about
    return f"{module.headline(page)}. {about}"


def head_of(module: ModuleType, query: Mapping[str, list[str]], accepted: str | None = None) -> Head:
    """The head of a page for the query of its address and the languages that the browser accepts; where there is no data, it says so."""
    try:
        database, _ = store.current()
    except store.DataError:
        return Head(APP_NAME, NO_DATA, "en", {}, APP_NAME)
    coming = {name: found[-1] for name, found in query.items()}
    unread = ui.Page(None, Words("en", database.texts), database, module.NAME, coming=coming)
    parameters = ui.parameters_of(module, unread, language_of(accepted))
    values, _ = parse(query, parameters)
    chosen = to_selection(values)
    page = ui.Page(chosen, Words(chosen.lang, database.texts), database, module.NAME)
    return Head(title(page), description(page, module), chosen.lang, to_query(values, parameters), page.words("app.preview"))


def written(html: str, head: Head, site: str, path: str) -> str:
    """The HTML with a head of its own. `site` is the address of the Atlas, empty where it is not known: addresses are relative then."""
    address = f"{site}/{path}" + (f"?{urlencode(head.query, safe=',')}" if head.query else "")
    properties = {
        "og:type": "website",
        "og:site_name": APP_NAME,
        "og:title": head.title,
        "og:description": head.description,
        "og:url": address,
        "og:locale": LOCALES[head.lang],
        "og:image": f"{site}/{PREVIEW.name}",
        "og:image:type": "image/png",
        "og:image:width": PREVIEW_WIDTH_PX,
        "og:image:height": PREVIEW_HEIGHT_PX,
        "og:image:alt": head.preview,
    }
    lines = [
        f"<title>{escape(head.title)}</title>",
        f'<meta name="description" content="{escape(head.description)}" />',
        f'<link rel="canonical" href="{escape(address)}" />',
        *(f'<meta property="{name}" content="{escape(str(value))}" />' for name, value in properties.items()),
        '<meta name="twitter:card" content="summary_large_image" />',
    ]
    # By functions: a text to put in may hold what a pattern would read as a reference.
    html = re.sub(r"<html\b[^>]*>", lambda _: f'<html lang="{head.lang}">', html, count=1)
    return re.sub(r"<title>.*?</title>", lambda _: "\n    ".join(lines), html, count=1, flags=re.DOTALL)


class PageHead:
    """ASGI middleware: gives every page its own head. Whatever is no page passes through untouched."""

    def __init__(self, app: ASGIApp):
        self._app = app
        self._pages = {f"/{module.PATH}": module for module in PAGES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        module = self._pages.get(scope["path"]) if is_read else None
        if module is None:
            await self._app(scope, receive, send)
            return
        start, body = await self._whole(scope, receive)
        if start["status"] == 200 and Headers(raw=start["headers"]).get("content-type", "").startswith("text/html"):
            body = await self._with_head(body, module, scope)
            kept = [(name, value) for name, value in start["headers"] if name not in OF_THE_FILE]
            start["headers"] = [*kept, (b"content-length", str(len(body)).encode()), (b"vary", b"Accept-Language")]
        await send(start)
        await send({"type": "http.response.body", "body": body})

    async def _whole(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """The first message and the whole body of what the app answers to a plain GET; the server leaves the body out where only the head was asked for."""
        start: Message = {}
        chunks: list[bytes] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                chunks.append(message.get("body", b""))

        headers = [(name, value) for name, value in scope["headers"] if name not in CONDITIONS]
        await self._app(scope | {"method": "GET", "headers": headers, "extensions": {}}, receive, keep)
        return start, b"".join(chunks)

    async def _with_head(self, body: bytes, module: ModuleType, scope: Scope) -> bytes:
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        try:
            head = await run_in_threadpool(head_of, module, query, Headers(scope=scope).get("accept-language"))
        except Exception:  # whatever it is, a reader would rather have the page without its own title
            log.exception("no head for %s", scope["path"])
            return body
        return written(body.decode(), head, base_of(HTTPConnection(scope)), module.PATH).encode()


async def preview(_request) -> FileResponse:
    """The picture that a messenger shows beside a link."""
    return FileResponse(PREVIEW, headers={"Cache-Control": "public, max-age=86400"})


ROUTES = [Route(f"/{PREVIEW.name}", preview)]
