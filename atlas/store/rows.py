"""A query of one table in, SQL with bound values out. Names of columns come from the declaration, values from readers."""

from collections.abc import Mapping

from atlas.filters import Filter, Query, parse_filter
from atlas.store.declaration import Table


def search_condition(text: str) -> tuple[list[str], dict[str, str]]:
    """Conditions that every word of a text occurs somewhere in a row, in whatever case and accents, and their values."""
    words = {f"word_{number}": word for number, word in enumerate(text.split())}
    return [f"contains(lower(strip_accents(concat_ws(' ', *COLUMNS(*)))), lower(strip_accents(${name})))" for name in words], words


def _condition(number: int, condition: Filter, is_text: bool) -> tuple[str, dict]:
    column, name = f'"{condition.column}"', f"filter_{number}"
    match condition.kind:
        case "unknown":
            return f"{column} IS NULL", {}
        case "known":
            return f"{column} IS NOT NULL", {}
        case "contains":
            return f"contains(lower(strip_accents({column})), lower(strip_accents(${name})))", {name: condition.values[0]}
        case "range":
            low, high = condition.values
            parts, bound = [], {}
            if low is not None:
                parts, bound = [f"{column} >= ${name}_low"], {f"{name}_low": low}
            if high is not None:
                # 2025..2026 takes 2026-03 in: a date is a text that may be less exact than the end of the range.
                prefix = f" OR starts_with({column}, ${name}_high)" if is_text else ""
                parts.append(f"({column} <= ${name}_high{prefix})")
                bound[f"{name}_high"] = high
            return " AND ".join(parts), bound
    # A list of IN bound as one value: NULL is in neither it nor its complement.
    return f"{'NOT ' if condition.kind == 'none' else ''}list_contains(${name}, {column})", {name: list(condition.values)}


def statement(query: Query, table: Table, select: str | None = None) -> tuple[str, Mapping[str, object]]:
    """The SELECT that answers a query, and the values to bind. `select` takes the place of the columns, and then order and window do not matter."""
    types = {column.name: column.type for column in table.columns}
    conditions, bound = search_condition(query.text)
    for number, (column, raw) in enumerate(query.filters):
        condition, values = _condition(number, parse_filter(column, types[column], raw), types[column] == "VARCHAR")
        conditions.append(condition)
        bound |= values
    columns = ", ".join(f'"{name}"' for name in query.columns or types)
    sql = f"SELECT {select or columns} FROM {table.name}" + (f" WHERE {' AND '.join(conditions)}" if conditions else "")
    if select:
        return sql, bound
    if query.sort:
        sql += f' ORDER BY "{query.sort.removeprefix("-")}" {"DESC" if query.sort.startswith("-") else "ASC"} NULLS LAST, rowid'
    if query.limit is not None:
        sql += f" LIMIT {query.limit}"
    return sql + (f" OFFSET {query.offset}" if query.offset else ""), bound
