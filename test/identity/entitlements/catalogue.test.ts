import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  CURRENT_PLAN_VERSION,
  type PlanName,
  termsOf,
} from '../../../src/identity/entitlements/catalogue.rules.ts';
import { INCLUDED_METERS, LIMITS } from '../../../src/identity/entitlements/entitlements.enums.ts';

const README = readFileSync('src/identity/entitlements/README.md', 'utf8');
const UNITS = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** A figure as people write it, such as `1,000` or `2 GB`; null where it is a word. */
function readFigure(text: string): number | null {
  const [figure = '', unit] = text.split(' ');
  if (!/^[\d,]+$/.test(figure)) return null;
  return Number(figure.replaceAll(',', '')) * (UNITS[unit as keyof typeof UNITS] ?? 1);
}

/** The cells of the row of a name, by plan; a column may be of several. */
function readRow(name: string): Map<PlanName, string> {
  const rows = README.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const at = rows.findIndex(([, first]) => first === `\`${name}\``);
  const header = rows.slice(0, at).findLast(([, first]) => first !== undefined && /^[a-z ]+$/.test(first))!;
  return new Map(
    header
      .slice(2)
      .flatMap((plans, column) =>
        plans.split(', ').map((plan) => [plan as PlanName, rows[at]![column + 2]!] as const),
      )
      .filter(([plan]) => (plan as string) !== ''),
  );
}

it.each([...LIMITS, ...INCLUDED_METERS])('the README says what every plan has of %s', (name) => {
  const row = readRow(name);
  expect([...row.keys()]).toEqual(['free', 'pro', 'enterprise', 'custom']);
  for (const [plan, text] of row) {
    const { limits, included } = termsOf(plan, CURRENT_PLAN_VERSION);
    // What is agreed with a customer is a grant.
    const expected = text === 'as agreed' ? 0 : readFigure(text);
    expect([plan, ({ ...limits, ...included } as Record<string, number>)[name]]).toEqual([plan, expected]);
  }
});
