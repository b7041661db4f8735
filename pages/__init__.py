"""The pages, in the order of the menu. A page module answers one question: NAME, PATH, ICON, parameters(page) and show(page)."""

from pages import chip_supply, compare, compute, consortia, data, method, models, overview, profile, self_reliance, timeline, what_if

PAGES = (overview, consortia, compute, chip_supply, models, self_reliance, what_if, compare, timeline, data, method, profile)
