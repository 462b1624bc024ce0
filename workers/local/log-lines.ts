import { z } from '@hono/zod-openapi';

const lineSchema = z.looseObject({
  level: z.enum(['info', 'warn', 'error']),
  event: z.string(),
  at: z.string(),
});
const requestSchema = z.looseObject({
  method: z.string(),
  route: z.string(),
  status: z.number(),
  durationMs: z.number(),
  organizationId: z.string().nullish(),
  requestId: z.string(),
  code: z.string().optional(),
});

const deliverySchema = z.looseObject({
  type: z.string(),
  subscriber: z.string(),
  outcome: z.string(),
  durationMs: z.number(),
  organizationId: z.string().nullish(),
});

const taskSchema = z.looseObject({
  name: z.string(),
  durationMs: z.number(),
  result: z.unknown().optional(),
});

const errorSchema = z.looseObject({ name: z.string(), message: z.string(), stack: z.string().optional() });

/** The beginning of the `X-Request-Id` of requests that the launcher sends itself. */
export const LAUNCHER_REQUESTS = 'npm_start_';
/** From this duration on, a scheduled task is shown although it changed nothing. */
const SLOW_TASK_MS = 5_000;

/** Lines of the tools that say nothing about the product. */
const NOISE = [
  /^\s*$/,
  /⛅️|^─+$|^Using secrets|^Your Worker has access|^Binding\s|^env\.|^⎔|^╭|^│|^╰/,
  /\[wrangler:info\]/,
  /^\[custom build\] (Running: |$)/,
  /Request\.cf|workers\.cloudflare\.com|GetAddrInfoReqWrap/,
  /^The following containers are available:|^- auralink-compressioncontainer |Your types might be out of date/,
  /^The file \S*node_modules\S* changed, restarting build/,
  /Scheduled Workers are not automatically|To manually trigger a scheduled|cdn-cgi\/|cron-triggers/,
];

// eslint-disable-next-line no-control-regex -- colours that a tool prints
const COLOURS = /\u001B\[[0-9;]*m/g;
/** How Wrangler marks warnings and errors, of the Worker too. */
const MARK = /^[✘▲] \[(?:ERROR|WARNING)\] /;

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const isPresent = (part: unknown) => part !== undefined && part !== null;

function formatFields(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .filter(([, value]) => isPresent(value))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

/**
 * Whether the counts that a scheduled task returns are all zero, also those inside a list or an object. A text beside them is
 * the name of what was counted; a list of texts is not empty.
 */
const isZero = (result: unknown): boolean => {
  if (Array.isArray(result)) return result.every(isZero);
  if (typeof result === 'object' && result !== null)
    return Object.values(result).every((value) => typeof value === 'string' || isZero(value));
  return result === undefined || result === null || result === 0 || result === false;
};

/** Frames and events that each participant of a call causes every few seconds. */
const MEASUREMENTS = new Set<unknown>(['quality.samples', 'quality.network_reported']);

/** Whether a frame or delivery needs no line: a measurement that was stored, or a wakeup whose delivery was made already. */
const isRoutine = ({ type, outcome }: Record<string, unknown>): boolean =>
  outcome === 'ignored' || (MEASUREMENTS.has(type) && outcome === 'done');

/** Whether an event only repeats that all is well, such as the launcher's own requests, and tasks that found nothing to do. */
function isQuiet(event: string, fields: Record<string, unknown>): boolean {
  const request = requestSchema.safeParse(fields);
  if (event === 'http.request' && request.success)
    return request.data.status < 500 && request.data.requestId.startsWith(LAUNCHER_REQUESTS);
  if (event === 'outbox.message' || event === 'room.frame') return isRoutine(fields);
  const task = taskSchema.safeParse(fields);
  if (event !== 'cron.run' || !task.success) return false;
  return task.data.durationMs < SLOW_TASK_MS && isZero(task.data.result);
}

/** An event without its time; frequent events have a form of their own. */
function formatEvent(event: string, fields: Record<string, unknown>): string {
  const request = requestSchema.safeParse(fields);
  if (event === 'http.request' && request.success) {
    const { method, route, status, durationMs, organizationId, requestId, code } = request.data;
    const path = route === 'none' ? '(no such path)' : route;
    return [method, path, status, durationMs, 'ms', code, organizationId, requestId]
      .filter(isPresent)
      .join(' ');
  }
  const delivery = deliverySchema.safeParse(fields);
  if (event === 'outbox.message' && delivery.success) {
    const { type, subscriber, outcome, durationMs, organizationId } = delivery.data;
    return [type, '→', subscriber, outcome, durationMs, 'ms', organizationId].filter(isPresent).join(' ');
  }
  const { traceparent: _, ...rest } = fields;
  return `${event} ${formatFields(rest)}`;
}

/**
 * A line of the Worker's log as a person reads it, without colours: one line for each request or event; undefined for
 * what need not be shown. A defect keeps its stack, a line for each call.
 */
export function formatLogLine(raw: string): string | undefined {
  const plain = raw.replaceAll(COLOURS, '');
  const parsed = lineSchema.safeParse(parseJson(plain.replace(MARK, '')));
  if (!parsed.success) return NOISE.some((pattern) => pattern.test(plain)) ? undefined : plain;
  const { level, event, at, error, ...fields } = parsed.data;
  if (level === 'info' && isQuiet(event, fields)) return undefined;
  const time = at.slice(11, 19);
  const levelPrefix = level === 'info' ? '' : `${level.toUpperCase()} `;
  const defect = errorSchema.safeParse(error);
  const stack = defect.success
    ? `\n  ${defect.data.stack ?? `${defect.data.name}: ${defect.data.message}`}`
    : '';
  return `${time} ${levelPrefix}${formatEvent(event, fields)}${stack}`;
}
