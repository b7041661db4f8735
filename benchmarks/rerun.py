"""How long a warm rerun of every page takes, against a script that draws the same elements from ready-made objects in the same process.

    python -m benchmarks.rerun [page ...]

The floor is taken from the page itself: what it drew is read back from the element tree and drawn again without reading, measuring or building anything.
Both are medians of runs that alternate, so that a busy machine slows both. Prints page, milliseconds, ratio.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages import PAGES

SHELL = Path(__file__).parent.parent / "atlas" / "shell.py"
RUNS = 15
QUERIES = {"profile": {"id": "sk-hynix"}}


def opened(module) -> AppTest:
    app = AppTest.from_file(SHELL, default_timeout=120)
    if module.PATH:
        app._page_hash = calc_hash(module.PATH)
    for name, value in QUERIES.get(module.NAME, {}).items():
        app.query_params[name] = value
    return app.run()


def nodes(block) -> Iterator:
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from nodes(child)
        else:
            yield child


def ready(app: AppTest) -> list[Callable[[], object]]:
    """What a page drew, as calls with ready-made objects."""
    calls = []
    for number, node in enumerate([*nodes(app.main), *nodes(app.sidebar)]):
        kind, key, proto = node.type, f"floor:{number}", node.proto
        if kind == "plotly_chart":
            figure = go.Figure(json.loads(proto.spec))
            figure.layout.template = None
            call = partial(st.plotly_chart, figure, key=key, alt=proto.alt)
        elif kind == "echarts_chart":
            call = partial(st.echarts_chart, json.loads(proto.spec), key=key, alt=proto.alt)
        elif kind in ("dataframe", "arrow_data_frame"):
            call = partial(st.dataframe, node.value, key=key, hide_index=True)
        elif kind == "selectbox":
            call = partial(st.selectbox, "x", list(node.options), key=key)
        elif kind == "button_group":
            call = partial(st.pills, "x", list(node.options), key=key)
        elif kind == "slider":
            call = partial(st.slider, "x", 0.0, 10.0, key=key)
        elif kind == "button":
            call = partial(st.button, node.label, key=key)
        elif kind == "download_button":
            call = partial(st.download_button, node.label, "", key=key)
        elif kind == "page_link":
            call = partial(st.page_link, "http://127.0.0.1/", label=proto.label)
        else:
            call = partial(st.markdown, str(getattr(node, "value", kind)))
        calls.append(call)
    return calls


def floor(calls: list[Callable[[], object]]) -> AppTest:
    def draw(calls):
        for call in calls:
            call()

    return AppTest.from_function(draw, default_timeout=120, args=(calls,)).run()


def timed(app: AppTest) -> float:
    start = time.perf_counter()
    app.run()
    return 1e3 * (time.perf_counter() - start)


def main(names: list[str]) -> None:
    print(f"{'page':16}{'rerun, ms':>12}{'floor, ms':>12}{'ratio':>8}")
    for module in PAGES:
        if names and module.NAME not in names:
            continue
        page = opened(module)
        bare = floor(ready(page))
        assert not page.exception, page.exception
        assert not bare.exception, bare.exception
        pairs = [(timed(page), timed(bare)) for _ in range(RUNS)]
        mine, least = (statistics.median(times) for times in zip(*pairs, strict=True))
        print(f"{module.NAME:16}{mine:12.0f}{least:12.0f}{mine / least:8.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
