type ElementClass<T extends HTMLElement> = abstract new () => T;

/** An element of the page. @throws Error when it is missing: the page and the script do not match */
export function byId<T extends HTMLElement>(id: string, kind: ElementClass<T>): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
}

/** An element inside another. @throws Error when the template lacks it */
export function queryWithin<T extends HTMLElement>(
  parent: ParentNode,
  selector: string,
  kind: ElementClass<T>,
): T {
  const found = parent.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the template has no ${selector}`);
  return found;
}

/** A copy of a template's first element. */
export function fromTemplate(id: string): HTMLElement {
  const first = byId(id, HTMLTemplateElement).content.firstElementChild;
  const copy = first?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`template #${id} is empty`);
  return copy;
}

export const setHidden = (element: HTMLElement, hidden: boolean): void => {
  if (element.hidden !== hidden) element.hidden = hidden;
};

export const setText = (element: HTMLElement, text: string): void => {
  if (element.textContent !== text) element.textContent = text;
};
