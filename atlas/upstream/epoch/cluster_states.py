"""States of clusters: those that the Atlas does not have in; their rows out, each machine counted in one of its states."""

from collections import Counter

from atlas.upstream.epoch.cluster import Cluster
from atlas.upstream.epoch.names import one_line, slug
from atlas.upstream.epoch.new_sites import NewSites, free
from atlas.upstream.epoch.table import plain_number
from atlas.upstream.known import plain
from atlas.upstream.matching import Sites


class States:
    """The new clusters and which of them contains which: a later state "builds upon" an earlier one and contains its chips."""

    def __init__(self, clusters: list[Cluster]):
        self._clusters = clusters
        self._repeated = {name for name, rows in Counter(plain(cluster.name) for cluster in clusters).items() if rows > 1}
        taken: set[str] = set()
        self._ids = [free(f"epoch-{slug(self._title(cluster))}", "-", taken) for cluster in clusters]
        by_name = {plain(cluster.name): place for place, cluster in enumerate(clusters) if plain(cluster.name) not in self._repeated}
        self._earlier = [by_name.get(plain(cluster.builds_upon)) for cluster in clusters]
        self._later = {earlier: place for place, earlier in enumerate(self._earlier) if earlier is not None}

    def _title(self, cluster: Cluster) -> str:
        """The name; with start and figures behind one that several rows share, since that is all that tells them apart."""
        if plain(cluster.name) not in self._repeated:
            return cluster.name
        total = cluster.machine.chip_total
        figures = (f"{plain_number(total)} chips" if total else "", f"{plain_number(cluster.h100e)} H100e" if cluster.h100e else "")
        return ", ".join(part for part in (cluster.name, cluster.machine.start or cluster.status, *figures) if part)

    def _is_running(self, place: int) -> bool:
        return not self._clusters[place].machine.is_planned

    def _counts(self, place: int) -> bool:
        """A machine counts in its running state or, where it has none, in the last that is planned. What may be several clusters does not count:
        the list holds rows for the clusters of its owner too."""
        cluster, later = self._clusters[place], self._later.get(place)
        if cluster.status == "retired" or not cluster.is_single:
            return False
        if self._is_running(place):
            return later is None or not self._is_running(later)
        return later is None and not self._has_running_state(place)

    def _has_running_state(self, place: int) -> bool:
        earlier, seen = self._earlier[place], {place}
        while earlier is not None and earlier not in seen:
            if self._is_running(earlier):
                return True
            seen.add(earlier)
            earlier = self._earlier[earlier]
        return False

    def rows(self, source_id: str, sites: Sites, taken_names: set[str]) -> dict[str, list[dict[str, str]]]:
        new = NewSites(source_id)
        for place, (cluster, site_id) in enumerate(zip(self._clusters, self._ids, strict=True)):
            later, earlier = self._later.get(place), self._earlier[place]
            remarks = (
                f"certainty {cluster.certainty} in the source",
                "" if cluster.machine.has_name else "the source hides name, owner and place and rounds the figures",
                "" if cluster.is_single else "may be several clusters",
            )
            cells = {
                "name": free(self._title(cluster), " ", taken_names),
                "kind": "cluster",
                "sector": cluster.sector,
                "status": cluster.status,
                "retired_date": cluster.retired,
                "counts_in_total": "yes" if self._counts(place) else "no",
                "part_of_site_id": self._ids[later] if later is not None and not self._is_running(later) else "",
                "supersedes_site_id": self._ids[earlier] if earlier is not None and self._is_running(place) else "",
                "h100e_stated": "" if sites.h100e(cluster.machine.chips) else plain_number(cluster.h100e),
                "cost_usd_m": plain_number(cluster.cost_usd_m),
                "cost_basis": cluster.cost_basis if cluster.cost_usd_m else "",
                "purpose": one_line(cluster.users).replace(",", ", "),
                "note": "; ".join(remark for remark in remarks if remark),
            }
            new.add(
                site_id,
                cluster.machine,
                cells,
                [("owner", org_id) for org_id in cluster.owners] + [("tenant", org_id) for org_id in cluster.tenants],
            )
        return new.rows
