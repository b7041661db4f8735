// What is wrong with the layout of the page as it stands: texts that are cut, lie outside their chart or over one another, and every text that is seen.
() => {
  const slack = 2; // pixels
  const cut = [], outside = [], overlapping = [], seen = [];
  const app = document.querySelector('[data-testid="stApp"]');
  const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  // Not words: styles and scripts, code to be typed, icons (ligatures of a font), the canvas of a table.
  const isNone = (element) =>
    element.closest("svg, style, script, canvas, code, pre") || getComputedStyle(element).fontFamily.includes("Material Symbols") || element.matches(".icon");
  const isForReadersOnly = (box) => box.width <= 1 || box.height <= 1; // text for screen readers has no room on purpose

  const nodes = [];
  for (const root of [app, ...[...app.querySelectorAll("*")].map((element) => element.shadowRoot).filter(Boolean)]) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
  }
  for (const node of nodes) {
    const text = node.textContent.trim(), element = node.parentElement;
    if (!text || isNone(element) || !isSeen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (isForReadersOnly(box)) continue;
    seen.push(text);
    if (element.closest('[data-testid="stMultiSelect"]')) continue; // Streamlit cuts a chosen name there: the whole name stands in the list of the box
    for (let above = element; above && above !== app; above = above.parentElement ?? above.getRootNode().host) {
      const style = getComputedStyle(above), frame = above.getBoundingClientRect();
      if (isForReadersOnly(frame)) { seen.pop(); break; }
      const acrossEnds = ["auto", "scroll"].includes(style.overflowX), upEnds = ["auto", "scroll"].includes(style.overflowY);
      const isCutAcross = ["hidden", "clip"].includes(style.overflowX) && (box.right > frame.right + slack || box.left < frame.left - slack);
      const isCutBelow = ["hidden", "clip"].includes(style.overflowY) && box.bottom > frame.bottom + slack;
      if (isCutAcross || isCutBelow) { cut.push(text); break; }
      if (acrossEnds || upEnds) break; // from here on the reader scrolls
    }
  }
  for (const field of app.querySelectorAll("input[placeholder], textarea[placeholder]"))
    if (isSeen(field)) {
      seen.push(field.placeholder);
      if (!field.value && field.scrollWidth > field.clientWidth + slack) cut.push(field.placeholder);
    }

  for (const chart of app.querySelectorAll('[data-testid="stPlotlyChart"], [data-testid="stEChartsChart"]')) {
    if (chart.closest(".st-key-card-network")) continue; // its forces place the names of the data anew each time
    const frame = chart.getBoundingClientRect();
    const texts = [...chart.querySelectorAll("svg text")].filter((text) => text.textContent.trim() && isSeen(text)).map((text) => {
      const parts = [...text.querySelectorAll(":scope > tspan.line")].map((line) => line.textContent);
      const angle = /rotate\((-?[\d.]+)/.exec(text.getAttribute("transform") || "");
      return { words: (parts.length ? parts.join(" ") : text.textContent).trim(), box: text.getBoundingClientRect(), isTurned: Boolean(angle && Number(angle[1]) % 360) };
    });
    for (const { words, box } of texts) {
      seen.push(words);
      if (box.left < frame.left - slack || box.right > frame.right + slack || box.top < frame.top - slack || box.bottom > frame.bottom + slack) outside.push(words);
    }
    texts.forEach((one, place) => {
      for (const other of texts.slice(place + 1)) {
        if (one.isTurned || other.isTurned) continue;
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (across > slack && down > Math.min(one.box.height, other.box.height) / 3) overlapping.push(`${one.words} | ${other.words}`);
      }
    });
  }
  const main = document.querySelector('[data-testid="stMain"]');
  return { cut, outside, overlapping, seen: [...new Set(seen)], tooWide: Math.max(0, main.scrollWidth - main.clientWidth) };
}
