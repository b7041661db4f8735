"""A request in, an answer out: what all open data routes have in common. GET and HEAD only, revalidated by the version of the data, errors as problem+json.

Compression is the server's: Streamlit wraps every route but its own static files in gzip.
"""

import hashlib
import json
import logging
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from atlas import store
from atlas.filters import QueryError

LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
COMMON = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, X-Data-Version, X-Total-Rows, Link, Content-Disposition",
    "X-Content-Type-Options": "nosniff",
}
METHODS = "GET, HEAD, OPTIONS"
HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


class Refusal(Exception):
    """An answer that is an error: its status, and a sentence that says what is wrong and what to do."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status = status


TITLES = {400: "Bad request", 404: "Not found", 405: "Method not allowed", 500: "Internal error", 503: "No data"}


def problem(status: int, sentence: str) -> Response:
    """An error as RFC 9457 wants it."""
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": sentence}
    headers = COMMON | ({"Allow": METHODS} if status == 405 else {})
    return Response(json.dumps(body, ensure_ascii=False), status, headers, media_type="application/problem+json")


@cache
def _code_version() -> str:
    """Eight hex digits over the code: a new release may write the same data in another form."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def etag(database: store.Database) -> str:
    return f'W/"{database.version}-{_code_version()}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether the client has this version already (RFC 9110: weak comparison over the list of If-None-Match)."""
    listed = (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(","))
    return tag.removeprefix("W/") in listed


class Answer:
    """An endpoint. `make` takes the request and the database of the moment, and raises Refusal or QueryError where it cannot answer.

    `is_kept`: whether the answer is the same as long as the data is, so that clients may keep it.
    """

    def __init__(self, make: Callable[[Request, store.Database], Response], is_kept: bool = True):
        self.make, self.is_kept = make, is_kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await run_in_threadpool(self.answer, request)
        await response(scope, receive, send)

    def answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            asked = request.headers.get("access-control-request-headers", "")
            allowed = {"Access-Control-Allow-Headers": asked} if asked.isascii() and asked.isprintable() and asked else {}
            return Response(status_code=204, headers=COMMON | allowed | {"Allow": METHODS, "Access-Control-Allow-Methods": METHODS})
        if request.method not in ("GET", "HEAD"):
            return problem(405, f"{request.method} is not possible here, the data is only read: use GET")
        try:
            database, _ = store.current()
        except store.DataError:
            return problem(503, "there is no data to give at the moment: try again later")
        tag = etag(database)
        headers = COMMON | {"X-Data-Version": database.version}
        headers |= {"ETag": tag, "Cache-Control": "no-cache"} if self.is_kept else {"Cache-Control": "no-store"}
        if self.is_kept and is_known(request, tag):
            return Response(status_code=304, headers=headers)
        try:
            response = self.make(request, database)
        except QueryError as error:
            return problem(400, str(error))
        except Refusal as refusal:
            return problem(refusal.status, str(refusal))
        except Exception:
            logging.getLogger(__name__).exception("%s could not be answered", request.url.path)
            return problem(500, "this could not be answered, and the fault is here: it is in the log of the server")
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.method == "HEAD":
            kept = {name: value for name, value in response.headers.items() if name not in ("content-length", "content-type")}
            return Response(None, response.status_code, kept, media_type=response.headers.get("content-type"))
        return response


def json_answer(value) -> Response:
    return Response(json.dumps(value, ensure_ascii=False, allow_nan=False), media_type="application/json")


def base_of(request: HTTPConnection) -> str:
    """The address under which readers reach this server, without a slash at its end: a proxy says it in its headers. Empty where they say no address."""

    def first(name: str) -> str:
        return request.headers.get(name, "").split(",")[0].strip()

    scheme = first("x-forwarded-proto") or request.scope["scheme"]
    host = first("x-forwarded-host") or first("host")
    if scheme not in ("http", "https") or not HOST.fullmatch(host):
        return ""
    return f"{scheme}://{host}{request.scope.get('root_path', '')}".rstrip("/")
