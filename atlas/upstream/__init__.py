"""Upstream: files of other data sets in, layers beside the curated rows out. Run by people and schedules, never by a page; the only package that touches the network."""
