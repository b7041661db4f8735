"""An Atlas in, its pictures out: every page and tab in each theme, width and language, one sheet of all of them, and the pictures of the README.

`make screenshots` takes them all, from a server of its own:
- build/screenshots/*.png, one file a picture: page, tab, language, theme, width;
- build/screenshots/sheet.png, all of them small, and sheet.html, where each leads to its file;
- docs/screenshots/*.png, the few that the README shows, each below 200 kB.

A quick look at a part, which leaves the README alone:

    .venv/bin/python tools/screenshots.py --page compute models --lang fr --theme dark --width 390

`--address http://127.0.0.1:8501` takes a server that runs already, `--out` names another folder. CHROMIUM names the browser where it is not found by itself.
"""

import argparse
import asyncio
import itertools
import sys
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from html import escape
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from atlas.selection import LANGUAGES
from atlas.ui.frame import INTRODUCTION
from pages import PAGES
from tests.browser.conftest import FLAGS, SETTLED, chromium_path
from tests.browser.views import View, views
from tests.conftest import ROOT
from tests.server import serving

OUT, README_OUT = ROOT / "build" / "screenshots", ROOT / "docs" / "screenshots"
THEMES, WIDTHS_PX = ("light", "dark"), (1440, 390)
HEIGHTS_PX = {1440: 900, 1280: 800, 390: 844}  # of a screen: what the README shows, and the least of any other picture
MOST_HEIGHT_PX = 4000  # of a picture
AT_A_TIME = 2
# (name, address, theme, width)
README = (
    ("overview-light", "/", "light", 1280),
    ("overview-dark-phone", "/", "dark", 390),
    ("chip-supply", "/chip-supply?segment=hbm", "light", 1280),
)
# The sheet: Chromium photographs no page higher than 16,384 pixels.
SHEET_HEIGHT_PX, MOST_THUMBNAIL_PX, NAMES_PX = 16_000, 240, 140
THUMBNAILS_PX = {1440: 190, 390: 90}  # width of a thumbnail by that of its picture
SHEET_STYLE = f"""
body {{ margin: 16px; font: 11px sans-serif; background: #FFFFFF; color: #1C2026; }}
table {{ border-collapse: collapse; }}
th {{ text-align: left; font-weight: 600; padding: 2px 4px; vertical-align: top; }}
tbody th {{ width: {NAMES_PX}px; overflow-wrap: anywhere; }}
td {{ padding: 2px 4px; vertical-align: top; }}
img {{ display: block; object-fit: scale-down; object-position: top left; outline: 1px solid #C8CDD3; }}
"""


@dataclass(frozen=True)
class Shot:
    """A picture that was taken: the view in one language, theme and width (pixels). `thumbnail` is the picture again, small, as PNG in base64."""

    view: View
    lang: str
    theme: str
    width: int
    thumbnail: str

    @property
    def file(self) -> str:
        return f"{self.view.name}-{self.lang}-{self.theme}-{self.width}.png"

    @property
    def kind(self) -> tuple[str, str, int]:
        return self.lang, self.theme, self.width


async def opened(browser: Browser, address: str, **options) -> Page:
    """A page of the browser in a profile of its own, in which the introduction has been closed."""
    context = await browser.new_context(reduced_motion="reduce", **options)
    await context.add_cookies([{"name": INTRODUCTION, "value": "closed", "url": address}])
    return await context.new_page()


async def settle(page: Page) -> None:
    await page.evaluate("() => { window.quietSince = null; }")
    await page.wait_for_function(SETTLED, timeout=60_000)


async def shoot(page: Page, view: View, lang: str, theme: str, out: Path) -> Shot:
    """The whole page into a file. Its top is kept as a thumbnail, which Chromium draws small at once: hundreds of whole pictures on a sheet would fill the memory."""
    width = page.viewport_size["width"]
    content = await page.evaluate("() => document.querySelector('[data-testid=\"stMainBlockContainer\"]').getBoundingClientRect().height")
    clip = {"x": 0, "y": 0, "width": width, "height": min(max(round(content), HEIGHTS_PX[width]), MOST_HEIGHT_PX)}
    top = min(clip["height"], width * MOST_THUMBNAIL_PX / THUMBNAILS_PX[width])
    session = await page.context.new_cdp_session(page)
    small = clip | {"height": top, "scale": THUMBNAILS_PX[width] / width}
    answer = await session.send("Page.captureScreenshot", {"format": "png", "clip": small})
    await session.detach()
    shot = Shot(view, lang, theme, width, answer["data"])
    await page.screenshot(path=out / shot.file, clip=clip)
    return shot


async def shots_of(page: Page, address: str, view: View, lang: str, themes: Sequence[str], widths: Sequence[int], out: Path) -> list[Shot]:
    """One load for a view in a language: the other themes and widths follow in the same page."""
    shots: list[Shot] = []
    await page.emulate_media(color_scheme=themes[0])
    await page.goto(address + view.address(lang=lang))
    await settle(page)
    for theme in themes:
        if theme != themes[0]:
            await page.emulate_media(color_scheme=theme)
            await page.keyboard.press("r")  # runs the page again, now for this theme
            await settle(page)
        for width in widths:
            await page.set_viewport_size({"width": width, "height": MOST_HEIGHT_PX})
            await settle(page)
            shots.append(await shoot(page, view, lang, theme, out))
    return shots


async def pictures(browser: Browser, address: str, wanted: Sequence[View], langs: Sequence[str], themes: Sequence[str], widths: Sequence[int], out: Path) -> list[Shot]:  # fmt: skip
    """All pictures, a few pages at a time."""
    waiting = list(itertools.product(wanted, langs))[::-1]
    shots: list[Shot] = []

    async def take() -> None:
        page = await opened(browser, address, viewport={"width": widths[0], "height": MOST_HEIGHT_PX})
        while waiting:
            view, lang = waiting.pop()
            shots.extend(await shots_of(page, address, view, lang, themes, widths, out))
            print(f"{view.name} {lang}", file=sys.stderr)
        await page.context.close()

    await asyncio.gather(*(take() for _ in range(AT_A_TIME)))
    return shots


async def sheet(browser: Browser, shots: Iterable[Shot], out: Path) -> None:
    """All pictures small, a row a view, and each leads to its file: as HTML, and as one picture."""
    found = {(shot.view.name, *shot.kind): shot for shot in shots}
    names = list(dict.fromkeys(name for name, *_ in sorted(found, key=lambda key: [view.name for view in views()].index(key[0]))))
    kinds = sorted({shot.kind for shot in found.values()}, key=lambda kind: (LANGUAGES.index(kind[0]), THEMES.index(kind[1]), -kind[2]))
    height = min(MOST_THUMBNAIL_PX, SHEET_HEIGHT_PX // len(names) - 8)
    heads = "".join(f"<th>{lang}, {theme}, {width}</th>" for lang, theme, width in kinds)
    rows = "".join(
        f"<tr><th>{escape(name)}</th>" + "".join(_cell(found[name, *kind], height) for kind in kinds if (name, *kind) in found) + "</tr>"
        for name in names
    )
    html = f"<!DOCTYPE html><meta charset=utf-8><title>Screenshots</title><style>{SHEET_STYLE}</style><table><thead><tr><th></th>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    (out / "sheet.html").write_text(html, encoding="utf-8")
    width = NAMES_PX + 50 + sum(THUMBNAILS_PX[kind[2]] + 8 for kind in kinds)
    page = await browser.new_page(viewport={"width": width, "height": 900})
    await page.goto((out / "sheet.html").as_uri())
    await page.screenshot(path=out / "sheet.png", full_page=True)
    await page.close()


def _cell(shot: Shot, height: int) -> str:
    width = THUMBNAILS_PX[shot.width]
    return f'<td><a href="{shot.file}"><img src="data:image/png;base64,{shot.thumbnail}" alt="{escape(shot.file)}" width="{width}" height="{height}"></a></td>'


async def readme(browser: Browser, address: str, out: Path) -> None:
    for name, path, theme, width in README:
        page = await opened(browser, address, viewport={"width": width, "height": HEIGHTS_PX[width]}, color_scheme=theme)
        await page.goto(address + path)
        await settle(page)
        await page.screenshot(path=out / f"{name}.png")
        await page.context.close()


async def take_all(address: str, wanted: Sequence[View], chosen: argparse.Namespace) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        shots = await pictures(browser, address, wanted, chosen.lang, chosen.theme, chosen.width, chosen.out)
        await sheet(browser, shots, chosen.out)
        if len(wanted) == len(views()):
            README_OUT.mkdir(parents=True, exist_ok=True)
            await readme(browser, address, README_OUT)
        await browser.close()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--page", nargs="+", choices=[module.NAME for module in PAGES])
    parser.add_argument("--lang", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--theme", nargs="+", choices=THEMES, default=THEMES)
    parser.add_argument("--width", nargs="+", type=int, choices=WIDTHS_PX, default=WIDTHS_PX)
    parser.add_argument("--address")
    parser.add_argument("--out", type=Path, default=OUT)
    chosen = parser.parse_args(arguments)
    wanted = [view for page in chosen.page or [""] for view in views(page)]
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, nullcontext(chosen.address) if chosen.address else serving(Path(folder)) as address:
        asyncio.run(take_all(address, wanted, chosen))
    print(chosen.out / "sheet.html")


if __name__ == "__main__":
    main()
