"""Sovereign AI Atlas: CSV -> check -> DuckDB -> view -> frame -> figure -> card on a page.

Data flows one way. `data/*.csv` is the truth and `data/schema.sql` its one declaration; `store` checks and loads it into a
versioned DuckDB file; `views/*.sql` answer one question each; `measures` and `figures` are pure functions on the frames;
`ui` draws them as cards, and `pages/` only compose. Every view ends in `source_ids`, so each mark leads back to its publisher.
"""
