"""What the same server gives to programs and crawlers: a request in, rows, a description or a feed out. No Streamlit, no session, nothing but reading."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atlas.open_data import measures, site, tables
from atlas.open_data.answer import Answer, Refusal, base_of, json_answer
from atlas.open_data.feed import feed
from atlas.open_data.openapi import description
from atlas.open_data.package import descriptor
from atlas.store import Database


def _datapackage(request: Request, database: Database) -> Response:
    base = base_of(request)
    return json_answer(descriptor(database, lambda table: f"{base}/api/v1/tables/{table}.csv"))


def _openapi(request: Request, database: Database) -> Response:
    return json_answer(description(database, base_of(request)))


def _nothing(request: Request, database: Database) -> Response:
    raise Refusal(404, f"there is nothing at {request.url.path[:100]}: /api/v1/openapi.json lists what there is")


def routes(paths: Sequence[str]) -> list[Route]:
    """The routes beside the pages; `paths` are those of the pages, for the sitemap."""
    return [
        Route("/api/v1/tables", Answer(tables.listing)),
        Route("/api/v1/tables/{table}.{ending}", Answer(tables.rows)),
        Route("/api/v1/measures/{measure}.{ending}", Answer(measures.answer)),
        Route("/api/v1/sources/{source_id}", Answer(tables.source)),
        Route("/api/v1/datapackage.json", Answer(_datapackage)),
        Route("/api/v1/openapi.json", Answer(_openapi)),
        Route("/api/{rest:path}", Answer(_nothing)),
        Route("/citation.bib", Answer(site.citation)),
        Route("/feed.xml", Answer(feed)),
        Route("/robots.txt", Answer(site.robots)),
        Route("/sitemap.xml", Answer(site.sitemap(paths))),
        Route("/readyz", Answer(site.ready, is_kept=False)),
    ]
