type ElementClass<T extends HTMLElement> = abstract new () => T;

/** The element that the page was sent with. @throws Error when it was not: a defect of ours */
export function byId<T extends HTMLElement>(id: string, kind: ElementClass<T>): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
}

/** The part of an element that its template has. @throws Error when it has not */
export function queryWithin<T extends HTMLElement>(
  parent: ParentNode,
  selector: string,
  kind: ElementClass<T>,
): T {
  const found = parent.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the template has no ${selector}`);
  return found;
}

/** A new element out of a template of the page. */
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

const STEPS = ['name', 'devices', 'busy', 'lobby', 'call', 'over'] as const;
export type Step = (typeof STEPS)[number];

/** Shows one step and nothing of the others, and takes the keyboard there. */
export function showStep(step: Step, focus?: HTMLElement): void {
  for (const each of STEPS) setHidden(byId(`step-${each}`, HTMLElement), each !== step);
  setHidden(byId('intro', HTMLElement), step === 'call');
  document.body.dataset.step = step;
  showProblem('');
  (focus ?? document.querySelector<HTMLElement>(`#step-${step} h2`))?.focus();
}

/** Says what went wrong, at once also to who does not see it; empty when all is well. */
export const showProblem = (text: string): void => setText(byId('problem', HTMLElement), text);

/** Runs what may fail later; what fails there is a defect, and told. */
export function runAsync(work: () => Promise<unknown>): void {
  work().catch((error: unknown) => {
    reportError(error);
    showProblem('Something went wrong. Load the page again.');
  });
}
