// Elements in one expression: `element("button", { type: "button", onclick: save }, "Save")`.

type Content = Node | string | undefined;

/** A new HTML element. What its class has as a property is set as one, anything else becomes an attribute. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Record<string, unknown> = {},
  ...content: Content[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) (made as unknown as Record<string, unknown>)[name] = value;
    else made.setAttribute(name, String(value));
  }
  made.append(...content.filter((part) => part !== undefined));
  return made;
}

/** A button that calls `onclick`. */
export function button(
  label: string,
  onclick: () => void,
  properties: Record<string, unknown> = {},
): HTMLButtonElement {
  return element("button", { type: "button", onclick, ...properties }, label);
}

/** A new SVG element with its attributes. */
export function svg(
  tag: string,
  attributes: Record<string, string | number>,
  ...content: (Node | string)[]
): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...content);
  return made;
}

/** The element with this id, which index.html has. */
export function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}
