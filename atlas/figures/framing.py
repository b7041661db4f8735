"""A figure and what stands around it on a page in, the same figure with all of it inside out: an image goes without its page, and must say what it shows."""

from textwrap import wrap

from atlas.figures.base import plain

# As many letters as fit beside each other on the narrowest phone: the server does not know how wide a reader sees the chart.
TITLE_LETTERS, TEXT_LETTERS = 36, 54
TITLE_LINE_PX, LINE_PX, CREDIT_LINE_PX = 22, 16, 13
FONT = "Plex, Plex KR, sans-serif"  # of the page; ECharts would set these texts in a font of its own
TICKS_PX = 46  # what may stand below a chart that has an axis


def framed(figure: dict, title: str, subtitle: str, foot: str) -> dict:
    """A plot, higher by its title above and by a foot of sources and date below."""
    head, above, below = wrap(title, TITLE_LETTERS), wrap(subtitle, TEXT_LETTERS), wrap(foot, TEXT_LETTERS)
    top, bottom = TITLE_LINE_PX * len(head) + LINE_PX * len(above) + 14, LINE_PX * len(below) + 10
    layout, margin = figure["layout"], figure["layout"]["margin"]
    under = max(margin["b"], TICKS_PX)
    height = layout["height"] + top + bottom
    title = {
        "text": "<br>".join(map(plain, head)), "font": {"size": 16}, "subtitle": {"text": "<br>".join(map(plain, above)), "font": {"size": 12}},
        "x": 0, "xref": "container", "xanchor": "left", "pad": {"l": 4},
        "y": 1 - TITLE_LINE_PX / height, "yref": "container", "yanchor": "bottom",  # where its first line stands
    }  # fmt: skip
    said = {
        "text": "<br>".join(map(plain, below)), "x": 1, "xref": "paper", "xanchor": "right", "y": 0, "yref": "paper", "yanchor": "top",
        "yshift": -under, "align": "right", "showarrow": False, "font": {"size": 11},
    }  # fmt: skip
    around = {
        "height": height,
        "margin": margin | {"t": margin["t"] + top, "b": under + bottom},
        "title": title,
        "annotations": [*layout.get("annotations", ()), said],
    }
    return figure | {"layout": layout | around}


def credited(option: dict, *lines: str) -> dict:
    """An option of ECharts with title, unit, sources and date in small letters below it: Streamlit lets a reader save it as it stands at any time."""
    said = [part for line in lines for part in wrap(line, TEXT_LETTERS)]
    room = CREDIT_LINE_PX * len(said) + 10
    text = {
        "text": "\n".join(said), "left": 0, "bottom": 0,
        "textStyle": {"fontFamily": FONT, "fontSize": 10, "lineHeight": CREDIT_LINE_PX, "fontWeight": "normal", "color": option["textStyle"]["color"]},
    }  # fmt: skip
    # A flow has a height of its own; a network stands on a grid.
    grid = {"grid": option["grid"] | {"bottom": option["grid"]["bottom"] + room}} if "grid" in option else {}
    return option | grid | {"title": [text], "height": option["height"] + room}
