/** Makes an element: functions become listeners, and text only ever text. */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export const button = (props, ...children) => h('button', { type: 'button', ...props }, ...children);

/** One path in a 24 × 24 box, for the eye only. */
export function icon(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(svg.namespaceURI, 'path'));
  svg.firstChild.setAttribute('d', path);
  return svg;
}

/** Settles also when it fails: words help without style. */
export function style(root, file) {
  return new Promise((done) => {
    root.append(h('link', { rel: 'stylesheet', href: new URL(file, import.meta.url), load: done, error: done }));
  });
}
