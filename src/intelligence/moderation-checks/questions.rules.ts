import type { AppError } from '../../kernel/core/index.ts';
import { type LineToCheck, MOST_CHARACTERS, MOST_LINES } from './answer.rules.ts';
import type { ModerationCheck } from './moderation-checks.tables.ts';

/** Interval of questions about a room: lines of this time are asked together. */
const COLLECTED_MS = 10_000;

/** The lines that one generation is asked about, from one or several checks; the first check takes over the lines. */
export interface Question {
  checks: readonly ModerationCheck[];
  lines: readonly LineToCheck[];
}

/** Whether a model is asked now about the waiting lines, or more are collected. */
export const isDue = (waiting: readonly ModerationCheck[], lastAskedMs: number, nowMs: number): boolean =>
  waiting.length > 0 &&
  (nowMs - lastAskedMs >= COLLECTED_MS ||
    waiting.reduce((sum, { lines }) => sum + lines.length, 0) >= MOST_LINES);

/** The first checks that fit into one question, with those of their lines that have not changed. */
export function takeQuestion(
  waiting: readonly ModerationCheck[],
  texts: ReadonlyMap<string, LineToCheck>,
): Question {
  const checks: ModerationCheck[] = [];
  const lines: LineToCheck[] = [];
  let characters = 0;
  for (const check of waiting) {
    const found = check.lines.flatMap(({ key }) => texts.get(key) ?? []);
    const length = found.reduce((sum, { text }) => sum + text.length, 0);
    const fits = lines.length + found.length <= MOST_LINES && characters + length <= MOST_CHARACTERS;
    if (checks.length > 0 && (!fits || check.isHalf || checks[0]!.isHalf)) break;
    checks.push(check);
    lines.push(...found);
    characters += length;
  }
  return { checks, lines };
}

/** Divides a question into the checks that began until a moment, and the rest. */
export function dividedByAge(
  { checks, lines }: Question,
  untilMs: number,
): [older: Question, younger: Question] {
  const older = checks.filter(({ createdAt }) => createdAt.getTime() <= untilMs);
  const keys = new Set(older.flatMap((check) => check.lines.map(({ key }) => key)));
  return [
    { checks: older, lines: lines.filter(({ key }) => keys.has(key)) },
    {
      checks: checks.filter((check) => !older.includes(check)),
      lines: lines.filter(({ key }) => !keys.has(key)),
    },
  ];
}

/**
 * Whether the reason of a refusal may pass soon: too many requests at once, a share of the budget that others have
 * reserved, or a provider that is not available. A used-up monthly allowance does not pass soon.
 */
export const mayPass = ({ code, details, definition: { status } }: AppError): boolean =>
  code === 'billing.limit_reached'
    ? details.limit?.name === 'running_generations'
    : code === 'ai.out_of_budget' || status === 429 || status === 503;
