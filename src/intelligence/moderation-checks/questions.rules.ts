import type { AppError } from '../../kernel/core/index.ts';
import { type LineToCheck, MOST_CHARACTERS, MOST_LINES } from './answer.rules.ts';
import type { ModerationCheck } from './moderation-checks.tables.ts';

/** So often a model is asked about a room: lines of that time are one question. */
const COLLECTED_MS = 10_000;

/** What one generation is asked: lines of one check or several, of which the first takes them. */
export interface Question {
  checks: readonly ModerationCheck[];
  lines: readonly LineToCheck[];
}

/** Whether a model is asked now about what waits, or more is collected. */
export const isDue = (waiting: readonly ModerationCheck[], lastAskedMs: number, nowMs: number): boolean =>
  waiting.length > 0 &&
  (nowMs - lastAskedMs >= COLLECTED_MS ||
    waiting.reduce((sum, { lines }) => sum + lines.length, 0) >= MOST_LINES);

/** The first of the checks that fit into one question, with those of their lines that are as they were. */
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

/** Of a question the part whose checks began until a moment, and the rest. */
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
 * Whether what refuses a question may be over soon: too many at once, a share of the budget that others hold, or a provider that is away. What
 * a month includes does not come back so soon.
 */
export const mayPass = ({ code, details, definition: { status } }: AppError): boolean =>
  code === 'billing.limit_reached'
    ? details.limit?.name === 'running_generations'
    : code === 'ai.out_of_budget' || status === 429 || status === 503;
