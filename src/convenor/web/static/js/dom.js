// Small pieces of document building that several modules share.

/** An element with attributes and children; a child is a node or a string. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** One icon of the sprite, as ui/icon.html renders it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** Fills {name} places of a text that came from the server. */
export function filled(text, values) {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** Calls back once, after it has been quiet for so many milliseconds. */
export function debounced(milliseconds, callback) {
  let timer = 0;
  const later = (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => callback(...values), milliseconds);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/** JSON from our own server: {status, data}; data is null when the answer is not JSON. */
export async function fetchJson(url, options = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf, ...options.headers };
  const response = await fetch(url, { credentials: "same-origin", ...options, headers });
  const isJson = response.headers.get("Content-Type")?.includes("json");
  return { status: response.status, data: isJson ? await response.json() : null };
}
