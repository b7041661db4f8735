"""Events and changes of the data as an Atom feed (RFC 4287): rows in, XML out."""

import uuid
from urllib.parse import urlencode
from xml.etree import ElementTree

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from atlas.filters import QueryError
from atlas.open_data.answer import base_of
from atlas.open_data.package import TITLE
from atlas.selection import Parameter
from atlas.store import Database

NEWEST = 100
NEWEST_VERSIONS = 20
TIME = "%Y-%m-%dT%H:%M:%SZ"
ATOM = "http://www.w3.org/2005/Atom"
ElementTree.register_namespace("", ATOM)


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element


def _entry(
    feed: ElementTree.Element,
    key: str,
    day: pd.Timestamp,
    built: pd.Timestamp,
    title: str,
    summary: str,
    links: dict[str, str],
    category: str,
) -> None:
    """One entry. It was published on its day, and updated no later than the data: an event to come was written down before its day."""
    entry = _add(feed, "entry")
    # A name-based UUID: the same entry has the same id on every server, which readers of feeds go by.
    _add(entry, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"sovereign-ai-atlas/{key}").urn)
    _add(entry, "updated", min(day, built).strftime(TIME))
    _add(entry, "published", day.strftime(TIME))
    _add(entry, "title", title)
    _add(entry, "summary", summary)
    _add(entry, "category", term=category)
    for relation, address in links.items():
        _add(entry, "link", rel=relation, href=address)


def countries_of(database: Database, request: Request) -> tuple[str, ...]:
    """The countries that the feed is asked for; all where none is named."""
    codes = database.read("countries", columns="iso3")["iso3"].tolist()
    for name in request.query_params:
        if name != "countries":
            raise QueryError(f"the feed has no parameter {name[:60]!r}: it takes countries, as countries=KOR,USA")
    chosen, dropped = Parameter("countries", (), codes, len(codes)).parse(request.query_params.getlist("countries"))
    if dropped:
        raise QueryError(f"countries cannot be {', '.join(dropped)[:60]!r}: it takes codes of three letters, as countries=KOR,USA")
    return chosen


def feed(request: Request, database: Database) -> Response:
    """The newest events, of some countries where they are named; where none is, also the newest versions of the data that changed a row."""
    base, chosen = base_of(request), countries_of(database, request)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    here = f"{base}/feed.xml" + (f"?{urlencode({'countries': ','.join(chosen)}, safe=',')}" if chosen else "")
    _add(root, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"sovereign-ai-atlas/feed/{','.join(chosen)}").urn)
    _add(root, "title", TITLE + (f": {', '.join(chosen)}" if chosen else ""))
    built = database.read("build_info")["built_at"].iloc[0]
    _add(root, "updated", built.strftime(TIME))
    _add(root, "link", rel="self", href=here)
    _add(root, "link", rel="alternate", href=f"{base}/timeline")
    _add(_add(root, "author"), "name", TITLE)
    events = database.read("feed_events", where={"iso3": chosen} if chosen else None)
    for event in events.head(NEWEST).itertuples():
        link = f"{base}/profile?{urlencode({'id': event.thing})}" if isinstance(event.thing, str) else f"{base}/timeline"
        summary = f"{event.country}, {event.date}. Source: {event.publisher} ({event.confidence})."
        _entry(root, f"event/{event.event_id}", event.day, built, event.title, summary, {"alternate": link, "via": event.url}, event.kind)  # fmt: skip
    if not chosen:  # a version changes rows of many countries, and of none
        for version in database.read("version_list").query("added + removed + changed > 0").head(NEWEST_VERSIONS).itertuples():
            title = (
                f"Data version {version.data_version}: {version.added} rows added, {version.removed} removed, {version.changed} corrected"
            )
            link = {"alternate": f"{base}/data?{urlencode({'tab': 'changes'})}"}
            _entry(root, f"version/{version.version_no}/{version.data_version}", version.recorded_at, built, title, version.reason if isinstance(version.reason, str) else "No reason given.", link, "data")  # fmt: skip
    return Response(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True), media_type="application/atom+xml")
