import { byId, setHidden, setText } from '../common/elements.ts';

export { byId, fromTemplate, queryWithin, setHidden, setText } from '../common/elements.ts';

const STEPS = ['name', 'devices', 'busy', 'consent', 'lobby', 'call', 'over'] as const;
export type Step = (typeof STEPS)[number];

/** Shows one step, hides the others, and moves the focus there. */
export function showStep(step: Step, focus?: HTMLElement): void {
  for (const each of STEPS) setHidden(byId(`step-${each}`, HTMLElement), each !== step);
  setHidden(byId('intro', HTMLElement), step === 'call');
  document.body.dataset.step = step;
  showProblem('');
  (focus ?? document.querySelector<HTMLElement>(`#step-${step} h2`))?.focus();
}

/** Shows a problem, announced by screen readers; an empty text clears it. */
export const showProblem = (text: string): void => setText(byId('problem', HTMLElement), text);

/** Runs asynchronous work; a failure is a defect, which is reported and shown. */
export function runAsync(work: () => Promise<unknown>): void {
  work().catch((error: unknown) => {
    reportError(error);
    showProblem('Something went wrong. Reload the page.');
  });
}
