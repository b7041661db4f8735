"""The pages, in the order of the menu. A page module answers one question: NAME, PATH, ICON, parameters(page) and show(page)."""

from pages import chip_supply, compare, compute, consortia, data, method, overview, profile

PAGES = (overview, consortia, compute, chip_supply, compare, data, method, profile)
