"""Sovereign AI Atlas: CSV -> check -> DuckDB -> view -> frame -> figure -> card on a page.

Data flows one way. `data/*.csv` is the truth and `data/schema.sql` its one declaration; `store` checks and loads it into a
versioned DuckDB file; `views/*.sql` answer one question each; `measures` and `figures` are pure functions on the frames;
`ui` draws them as cards, and `pages/` only compose. Every view ends in `source_ids`, so each mark leads back to its publisher.
"""


def load(table: str, **query: str):
    """The rows of a table as a frame, from the curated data as it stands; unknown values are NaN or None.

    `query` is what the address of the same rows would say: filters by column, and `q`, `columns`, `sort`, `limit`, `offset`; see atlas.filters.
    Raises KeyError for a table that is not there, filters.QueryError for a query that cannot be answered, store.DataError where the data is wrong
    and was never built.

    >>> load("chips", vendor_org_id="rebellions", columns="name,memory_gb", memory_gb="100..").shape[1]
    2
    """
    from atlas import filters, store  # whoever only wants a module of the package need not wait for DuckDB

    database, _ = store.current()
    if table not in database.tables:
        raise KeyError(f"there is no table {table!r}: the tables are {', '.join(database.tables)}")
    types = {column.name: column.type for column in database.tables[table].columns}
    return database.rows(filters.parse_query(table, types, list(query.items())))
