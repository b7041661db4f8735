"""The address of a running Atlas in, atlas/assets/preview.png out: the Overview as a messenger shows it beside a link.

Run by hand when the Overview has changed: `python tools/preview.py http://127.0.0.1:8501`. CHROMIUM names the browser where it is not `chromium`.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from atlas.head import PREVIEW, PREVIEW_HEIGHT_PX, PREVIEW_WIDTH_PX

SCALE = 0.8  # a window somewhat larger than the picture holds the headline and both charts below it

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=shutil.which(os.environ.get("CHROMIUM", "chromium")), args=["--no-sandbox"])
    page = browser.new_page(
        viewport={"width": round(PREVIEW_WIDTH_PX / SCALE), "height": round(PREVIEW_HEIGHT_PX / SCALE)},
        device_scale_factor=SCALE,
        color_scheme="light",
    )
    page.goto(f"{sys.argv[1]}/?embed=true")
    page.locator(".js-plotly-plot .main-svg").nth(1).wait_for()
    page.add_style_tag(content=".stGrid:has([data-testid=stMetric]) { display: none }")  # too small to read in a preview
    page.wait_for_timeout(2000)  # the charts fit themselves to their columns
    page.screenshot(path=PREVIEW)
    browser.close()
