import { html } from 'hono/html';
import { day, type Html } from './layout.ts';

/** Steps by which somebody moves the clock. */
const STEPS: [name: string, days: number][] = [
  ['1 hour', 1 / 24],
  ['1 day', 1],
  ['3 days', 3],
  ['1 week', 7],
  ['1 month', 31],
  ['1 year', 366],
];

/** The time of an account, with buttons that send `seconds` to move it forward. */
export const clockSection = (now: number): Html =>
  html`<section>
    <h2>Clock</h2>
    <p>${day(now)} UTC</p>
    <form method="post">
      ${STEPS.map(([name, days]) => html`<button name="seconds" value="${Math.round(days * 86_400)}">+ ${name}</button>`)}
    </form>
    <p class="quiet">Renewals, trials and retries happen on the way. The clock never goes back.</p>
  </section>`;

/** The seconds that the form asks for; undefined when they are no step forward of at most a year. */
export function secondsOf(form: Record<string, string>): number | undefined {
  const seconds = Number(form.seconds);
  return Number.isInteger(seconds) && seconds > 0 && seconds <= 366 * 86_400 ? seconds : undefined;
}
