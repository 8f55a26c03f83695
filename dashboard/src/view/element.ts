type Attributes = Readonly<Record<string, string | boolean>>;

/** Makes an element. Text is always inserted as text: nothing from the server becomes markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Changes what differs only: a number that stays does not repaint, and no reader hears it again. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node: Element, name: string, value: string): void {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element #${id}`);
  return found;
}

/** Keeps one child per key, in order, reusing what is there: focus and selection survive. */
export function keyed<Item>(
  parent: Element,
  items: readonly Item[],
  key: (item: Item) => string,
  make: (item: Item) => HTMLElement,
  change: (node: HTMLElement, item: Item) => void,
): void {
  const old = new Map(
    [...parent.children].map((child) => [child.getAttribute('data-key') ?? '', child as HTMLElement]),
  );
  // What has gone goes first: whatever stays then keeps its place, and with it the focus.
  const wanted = new Set(items.map(key));
  for (const [name, node] of old) if (!wanted.has(name)) node.remove();
  let place: Element | null = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let node = old.get(name);
    if (node === undefined) {
      node = make(item);
      node.setAttribute('data-key', name);
    }
    change(node, item);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
}
