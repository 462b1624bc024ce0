import type { Clock, Log, LogFields } from '../../kernel/core/index.ts';
import { redactField } from '../../kernel/core/index.ts';

/** The destination of log lines: the console, which the platform collects. */
export type LogSink = Pick<Console, 'log' | 'warn' | 'error'>;

/** The platform's log pipeline cuts longer lines in the middle of their JSON. */
const MAX_LINE_CHARACTERS = 16_384;
/** The fields of an oversized line that are kept besides its head. */
const KEPT_FIELDS = [
  'requestId',
  'traceparent',
  'route',
  'status',
  'code',
  'organizationId',
  'name',
] as const;

function formatLine(head: LogFields, fields: LogFields): string {
  const line: LogFields = { ...head };
  for (const name of Object.keys(fields)) {
    const value = redactField(name, fields[name]);
    if (value !== undefined) line[name] = value;
  }
  const text = JSON.stringify(line);
  if (text.length <= MAX_LINE_CHARACTERS) return text;
  const kept = KEPT_FIELDS.filter((name) => name in line).map((name) => [name, line[name]]);
  return JSON.stringify({ ...head, truncated: true, characters: text.length, ...Object.fromEntries(kept) });
}

/** Writes one line of JSON per event and never throws, because logging must not break the work it reports. */
export function createLog(clock: Clock, sink: LogSink = console): Log {
  let last = { ms: Number.NaN, text: '' };
  /** Cached, because on Workers the clock stands still while a request computes and many requests share a millisecond. */
  const formatTime = (ms: number): string => {
    if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
    return last.text;
  };
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (event: string, fields: LogFields = {}) => {
      const head = { level, event, at: formatTime(clock.now()) };
      let line: string;
      try {
        line = formatLine(head, fields);
      } catch (error) {
        // A getter or a proxy among the fields threw.
        line = JSON.stringify({ ...head, unloggable: error instanceof Error ? error.name : typeof error });
      }
      sink[level === 'info' ? 'log' : level](line);
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
