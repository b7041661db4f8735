"""Epoch AI's data sets: which files to download, what to beware of, and how to read them."""

from atlas.upstream.epoch import clusters, data_centres, hardware, models
from atlas.upstream.layer import Adapter, File

PUBLISHER, LICENCE = "Epoch AI", "CC-BY-4.0"
BASE = "https://epoch.ai/data"

ADAPTERS: tuple[Adapter, ...] = (
    Adapter(
        name=clusters.NAME,
        publisher=PUBLISHER,
        title="GPU clusters data set",
        page=f"{BASE}/gpu-clusters-documentation",
        licence=LICENCE,
        files=(File(clusters.FILE, (f"{BASE}/{clusters.FILE}",)),),
        parse=clusters.parse,
        note="Covers an estimated 10 to 20 % of the world's AI computing power, so a total is what is known and not what there is. "
        "Names, owners and places of Chinese systems are hidden and their figures rounded.",
    ),
    Adapter(
        name=data_centres.NAME,
        publisher=PUBLISHER,
        title="Frontier data centres hub",
        page=f"{BASE}/data-centers",
        licence=LICENCE,
        files=tuple(File(name, (f"{BASE}/data_centers/{name}",)) for name in (data_centres.FILE, data_centres.TIMELINES)),
        parse=data_centres.parse,
        note="The largest data centres only, most of them in the United States. Figures are estimates from permits, satellite images and power; "
        "owners and users are marked confident, likely or speculative by the source.",
    ),
    Adapter(
        name=models.NAME,
        publisher=PUBLISHER,
        title="Notable AI models data set",
        page=f"{BASE}/notable-ai-models-documentation",
        licence=LICENCE,
        files=(File(models.FILE, (f"{BASE}/{models.FILE}", f"{BASE}/all_ai_models.csv")),),
        parse=models.parse,
        note="Notable models by the criteria of the source: state of the art, citations, historic relevance or use. Training compute is often estimated.",
    ),
    Adapter(
        name=hardware.NAME,
        publisher=PUBLISHER,
        title="Machine learning hardware data set",
        page=f"{BASE}/machine-learning-hardware",
        licence=LICENCE,
        files=(File(hardware.FILE, (f"{BASE}/{hardware.FILE}",)),),
        parse=hardware.parse,
        note="Matrix rates are meant without sparsity; variants of one chip are rows of their own.",
    ),
)
