"""Natural Earth's coastlines and borders (public domain, 1:110m) -> atlas/figures/world.json: one path of longitudes and latitudes, gaps as null.

Run by hand, once: `npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz && python tools/world_outline.py package/countries-110m.json`.
Pages draw the written file; nothing is fetched.
"""

import json
import sys
from pathlib import Path

topology = json.loads(Path(sys.argv[1]).read_text())
(scale_x, scale_y), (shift_x, shift_y) = topology["transform"]["scale"], topology["transform"]["translate"]
longitudes: list[float | None] = []
latitudes: list[float | None] = []
for arc in topology["arcs"]:
    x = y = 0
    points: list[tuple[float, float]] = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        point = (round(x * scale_x + shift_x, 1), round(y * scale_y + shift_y, 1))
        if not points or point != points[-1]:
            points.append(point)
    if all(latitude < -60 for _, latitude in points):  # Antarctica has no site
        continue
    longitudes += [longitude for longitude, _ in points] + [None]
    latitudes += [latitude for _, latitude in points] + [None]
Path("atlas/figures/world.json").write_text(json.dumps({"longitude": longitudes, "latitude": latitudes}, separators=(",", ":")))
