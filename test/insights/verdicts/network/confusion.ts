import { type Cause, CAUSES, decideVerdicts } from '../../../../src/insights/verdicts/index.ts';
import type { LabelledCall } from './scenarios.ts';

export interface JudgedCall extends LabelledCall {
  found: Cause;
}

export const judge = (calls: readonly LabelledCall[]): JudgedCall[] =>
  calls.map((call) => ({
    ...call,
    found: decideVerdicts(call.observations).get(call.focus)?.cause ?? 'unknown',
  }));

const percent = (part: number, whole: number) =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

export const accuracyOf = (judged: readonly JudgedCall[]): number =>
  judged.filter(({ label, found }) => label === found).length / judged.length;

/** A Markdown table: rows are the labels, columns the verdicts. */
export function confusionMatrix(judged: readonly JudgedCall[]): string {
  const count = (label: Cause, found: Cause) =>
    judged.filter((each) => each.label === label && each.found === found).length;
  const columns = CAUSES.map((_cause, index) => String.fromCharCode(97 + index));
  const rows = CAUSES.map((label, index) => {
    const total = judged.filter((each) => each.label === label).length;
    const cells = CAUSES.map((found) => count(label, found) || '·');
    return `| ${columns[index]} ${label} | ${cells.join(' | ')} | ${percent(count(label, label), total)} |`;
  });
  const precision = CAUSES.map((found) => {
    const said = judged.filter((each) => each.found === found).length;
    return percent(count(found, found), said);
  });
  const right = judged.filter(({ label, found }) => label === found).length;
  return [
    `| done to the call | ${columns.join(' | ')} | found |`,
    `| --- |${' ---: |'.repeat(CAUSES.length + 1)}`,
    ...rows,
    `| right when said | ${precision.join(' | ')} | ${percent(right, judged.length)} |`,
    '',
    `${right} of ${judged.length} calls right.`,
  ].join('\n');
}
