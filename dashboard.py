"""The one entry: `streamlit run dashboard.py`. A folder `pages/` beside a plain script would put Streamlit into its old multipage mode, an App does not."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from atlas import head, open_data
from pages import PAGES

app = st.App(
    Path(__file__).parent / "atlas" / "shell.py",
    routes=[*head.ROUTES, *open_data.routes([page.PATH for page in PAGES if page.NAME != "profile"])],
    middleware=[Middleware(head.PageHead)],
)
