"""A figure and what stands around it on a page in, the same figure with all of it inside out: an image goes without its page, and must say what it shows."""

from textwrap import wrap

from atlas.figures.base import plain

# As many letters as fit beside each other on the narrowest phone: the server does not know how wide a reader sees the chart.
TITLE_LETTERS, TEXT_LETTERS = 36, 54
TITLE_LINE_PX, LINE_PX = 22, 16
FONT = "Plex, Plex KR, sans-serif"  # of the page; ECharts would set these texts in a font of its own
TICKS_PX = 46  # what may stand below a chart that has an axis


def framed(figure: dict, title: str, subtitle: str, foot: str) -> dict:
    """The figure, higher by its title above and by a foot of sources and date below."""
    head, above, below = wrap(title, TITLE_LETTERS), wrap(subtitle, TEXT_LETTERS), wrap(foot, TEXT_LETTERS)
    top, bottom = TITLE_LINE_PX * len(head) + LINE_PX * len(above) + 14, LINE_PX * len(below) + 10
    build = _framed_option if "series" in figure else _framed_plot
    return build(figure, head, above, below, top, bottom)


def _framed_plot(figure: dict, head: list[str], above: list[str], below: list[str], top: int, bottom: int) -> dict:
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


def _framed_option(option: dict, head: list[str], above: list[str], below: list[str], top: int, bottom: int) -> dict:
    """The same for an option of ECharts."""
    ink, font = option["textStyle"]["color"], {"fontFamily": FONT}
    title = {
        "text": "\n".join(head), "subtext": "\n".join(above), "left": 0, "top": 0,
        "textStyle": font | {"fontSize": 16, "color": ink}, "subtextStyle": font | {"color": ink},
    }  # fmt: skip
    said = {
        "text": "\n".join(below),
        "right": 0,
        "bottom": 0,
        "textStyle": {"fontSize": 11, "fontWeight": "normal", "color": ink, "align": "right"},
    }
    legend = {"legend": option["legend"] | {"top": option["legend"].get("top", 0) + top}} if "legend" in option else {}
    if "grid" in option:  # the series stand on it
        drawn = {"grid": option["grid"] | {"top": option["grid"]["top"] + top, "bottom": option["grid"]["bottom"] + bottom}}
    else:
        drawn = {"series": [one | {"top": one["top"] + top} for one in option["series"]]}
    return option | legend | drawn | {"title": [title, said], "height": option["height"] + top + bottom}
