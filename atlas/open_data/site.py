"""What crawlers, reference managers and health checks ask a server for: robots.txt, sitemap.xml, citation.bib, readyz."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from atlas.open_data.answer import LICENCE, base_of, json_answer
from atlas.open_data.package import DESCRIPTION, TITLE
from atlas.open_data.tables import built
from atlas.store import Database

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def robots(request: Request, database: Database) -> Response:
    return PlainTextResponse(f"User-agent: *\nAllow: /\nSitemap: {base_of(request)}/sitemap.xml\n")


def sitemap(paths: Sequence[str]) -> Callable[[Request, Database], Response]:
    """Every page (`paths`, relative to the root) and every profile."""

    def answer(request: Request, database: Database) -> Response:
        base, day = base_of(request), built(database)
        root = ElementTree.Element("urlset", xmlns=SITEMAP)
        profiles = [f"profile?{urlencode({'id': thing})}" for thing in database.read("things", columns="id")["id"].drop_duplicates()]
        for path in [*paths, *profiles]:
            url = ElementTree.SubElement(root, "url")
            ElementTree.SubElement(url, "loc").text = f"{base}/{path}"
            ElementTree.SubElement(url, "lastmod").text = day
        return Response(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True), media_type="application/xml")

    return answer


def citation(request: Request, database: Database) -> Response:
    """The Atlas in the version of the moment, for BibTeX and what reads it."""
    day = built(database)
    fields = {
        "title": f"{{{TITLE}}}",
        "author": f"{{{TITLE}}}",
        "year": day[:4],
        "version": database.version,
        "url": f"{base_of(request)}/",
        "urldate": day,
        "note": f"{DESCRIPTION} Licence: {LICENCE}",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return Response(f"@misc{{sovereign-ai-atlas-{database.version},\n{lines}\n}}\n", media_type="application/x-bibtex")


def ready(request: Request, database: Database) -> Response:
    """Whether a query is answered: what a proxy asks before it sends readers here."""
    return json_answer(
        {"status": "ready", "data_version": database.version, "rows": int(database.read("build_info")["table_rows"].iloc[0])}
    )
