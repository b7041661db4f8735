"""The one entry: `streamlit run dashboard.py`. A folder `pages/` beside a plain script would put Streamlit into its old multipage mode, an App does not."""

from pathlib import Path

import streamlit as st

from atlas import open_data
from pages import PAGES

app = st.App(
    Path(__file__).parent / "atlas" / "shell.py",
    routes=open_data.routes([page.PATH for page in PAGES if page.NAME != "profile"]),
)
