// Elements made and changed without a framework: what has not changed is not touched, so that nothing flickers.

const SVG = "http://www.w3.org/2000/svg";

/** An element. `props`: `class`, `on` ({click: f}), `text`, or attributes (false and null leave one out). */
export function h(tag, props = {}, ...children) {
  return filled(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), props, children);
}

function filled(element, { on = {}, text, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) attribute(element, name, value);
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

export function attribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

export function text(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** The shape that stands for a tone: ok, warn, bad, idle, you or note. */
export function shape(tone) {
  return s("svg", { class: "shape", "aria-hidden": "true" }, s("use", { href: `#shape-${tone}` }));
}

export function reshape(element, tone) {
  attribute(element.querySelector("use"), "href", `#shape-${tone}`);
}

/** A shape and a word, which `show(tone, word)` changes. */
export function status() {
  const icon = shape("idle");
  const word = h("span");
  const element = h("span", { class: "status idle" }, icon, word);
  element.show = (tone, said) => {
    attribute(element, "class", `status ${tone}`);
    reshape(icon, tone);
    text(word, said);
  };
  return element;
}

/** Keeps one child a key in order: `make(key)` makes it, `element.update(item)` shows the item. */
export function list(parent, items, key, make) {
  const kept = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const name = String(key(item));
    let child = kept.get(name);
    if (!child) {
      child = make(item);
      child.dataset.key = name;
    }
    kept.delete(name);
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
    child.update?.(item);
  });
  for (const gone of kept.values()) gone.remove();
}
