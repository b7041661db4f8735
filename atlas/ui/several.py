"""Several of many: what is chosen as pills, which a press takes away, and below them a box that adds one.

Streamlit's own multiselect writes white on the primary colour: a primary that lets one read it cannot be read as text on a dark page, where pills and tabs are written in it.
"""

from collections.abc import Callable, Sequence

import streamlit as st


def several(
    label: str,
    options: Sequence[str],
    labels: Callable[[str], str],
    *,
    key: str,
    add: str,
    most: int | None = None,
    help: str | None = None,
    disabled: bool = False,
    on_change: Callable[[], None] = lambda: None,
) -> None:
    """`session_state[key]` holds the chosen codes, in the order of the choice; `add` stands in the box, which is shut when `most` are chosen."""
    chosen = st.session_state[key]
    if chosen:
        st.pills(label, chosen, selection_mode="multi", format_func=labels, key=key, help=help, disabled=disabled, on_change=on_change)
    box = f"add:{key}:{len(chosen)}"  # another box for every number of them, so that it is empty again

    def take() -> None:
        if st.session_state[box]:
            st.session_state[key] = [*chosen, st.session_state[box]]
            on_change()

    st.selectbox(
        add if chosen else label,
        [option for option in options if option not in chosen],
        index=None,
        format_func=labels,
        key=box,
        placeholder=add,
        help=None if chosen else help,
        label_visibility="collapsed" if chosen else "visible",
        disabled=disabled or len(chosen) == most,
        on_change=take,
    )
