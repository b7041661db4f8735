"""What only the browser can do: a button that copies a text, prints the page, or remembers for a year that something was closed; the language that a screen reader speaks; the width of paper."""

from collections.abc import Callable

import streamlit as st

from atlas.texts import Words

CLOSED_FOR_S = 365 * 24 * 3600
HEIGHT_PX = 30  # kept free from the start, so that nothing below jumps when the browser has the button ready

# As Streamlit draws its tertiary buttons, so that they stand in one row with them.
_STYLE = """
button {
  display: inline-flex; align-items: center; gap: 0.35rem; min-height: 1.75rem; padding: 0.15rem 0.3rem; border: 0; cursor: pointer;
  border-radius: var(--st-button-radius); background: none; color: var(--st-text-color); font: 400 0.875rem/1.4 var(--st-font);
}
button:hover { color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.icon { font: 400 1.1rem/1 "Material Symbols Rounded"; font-feature-settings: "liga"; }
@media print { button { display: none; } }
"""

# Without https a page has no clipboard of its own: the old way goes by a field that is selected.
_ACT = """
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
export default function ({ parentElement, data, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  const [icon, label] = button.children;
  icon.textContent = data.icon;
  label.textContent = data.label;
  button.onclick = async () => {
    if (data.copy) {
      await copy(data.copy);
      icon.textContent = "check";
      label.textContent = data.done;
      setTimeout(() => { icon.textContent = data.icon; label.textContent = data.label; }, 2000);
    }
    if (data.cookie) {
      document.cookie = `${data.cookie}=closed; max-age=${data.seconds}; path=/; SameSite=Lax`;
      setTriggerValue("pressed", true);
    }
    if (data.print) window.print();
    if (data.href) window.location.assign(data.href);
  };
}
"""

_button = st.components.v2.component(
    "atlas_browser_button",
    html='<button type="button"><span class="icon" aria-hidden="true"></span><span aria-live="polite"></span></button>',
    css=_STYLE,
    js=_ACT,
)
# Charts are drawn for the width of the screen and would be cut at the edge of the paper; with a view box they shrink to it.
_PAGE = """
const before = () => document.querySelectorAll(".main-svg:not([viewBox])").forEach((svg) => {
  svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
  svg.dataset.scaled = "";
});
const after = () => document.querySelectorAll("[data-scaled]").forEach((svg) => {
  svg.removeAttribute("viewBox");
  delete svg.dataset.scaled;
});
export default function ({ data }) {
  document.documentElement.lang = data;
  window.addEventListener("beforeprint", before);
  window.addEventListener("afterprint", after);
}
"""
_page = st.components.v2.component("atlas_page", html="<span></span>", js=_PAGE)


def copy_button(words: Words, label: str, text: str, *, key: str) -> None:
    """Copies a text, and says so on the button."""
    _button(
        key=key, data={"icon": "link", "label": label, "copy": text, "done": words("browser.copied")}, width="content", height=HEIGHT_PX
    )


def print_button(label: str, *, key: str) -> None:
    """Opens the dialog with which the browser prints the page."""
    _button(key=key, data={"icon": "print", "label": label, "print": True}, width="content", height=HEIGHT_PX)


def leave_button(label: str, address: str, *, key: str) -> None:
    """Leads to an address; unlike a link, it is not printed."""
    _button(key=key, data={"icon": "arrow_back", "label": label, "href": address}, width="content", height=HEIGHT_PX)


def close_button(label: str, cookie: str, on_close: Callable[[], None], *, key: str) -> None:
    """Leaves a cookie of a name, which tells later visits that this was closed, and calls `on_close` for the present one."""
    data = {"icon": "check", "label": label, "cookie": cookie, "seconds": CLOSED_FOR_S}
    _button(key=key, data=data, width="content", height=HEIGHT_PX, on_pressed_change=on_close)


def prepare(lang: str) -> None:
    """Tells the browser the language of the page, which a reader may have switched since it was loaded, and to shrink charts to the paper that it prints on."""
    _page(key="page", data=lang, width="content", height=1)
