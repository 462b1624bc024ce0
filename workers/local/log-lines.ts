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

/** Lines of the tools underneath that say nothing about the product. */
const NOISE = [
  /^\s*$/,
  /⛅️|^─+$|^Using secrets|^Your Worker has access|^Binding\s|^env\.|^⎔|^╭|^│|^╰/,
  /\[wrangler:info\]/,
  /Request\.cf|workers\.cloudflare\.com|GetAddrInfoReqWrap/,
  /Scheduled Workers are not automatically|To manually trigger a scheduled|cdn-cgi\/|cron-triggers/,
];

// eslint-disable-next-line no-control-regex -- colours that a tool prints
const COLOURS = /\u001B\[[0-9;]*m/g;

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function fieldsOf(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

/**
 * A line of the Worker's log as a person reads it: one line for each request or event; undefined for what need not be
 * shown. A defect keeps its stack.
 */
export function readableLine(raw: string): string | undefined {
  const plain = raw.replaceAll(COLOURS, '');
  const parsed = lineSchema.safeParse(parseJson(plain));
  if (!parsed.success) return NOISE.some((pattern) => pattern.test(plain)) ? undefined : raw;
  const { level, event, at, ...fields } = parsed.data;
  const time = at.slice(11, 19);
  const mark = level === 'info' ? '' : `${level.toUpperCase()} `;
  const { error, ...rest } = fields as { error?: { name?: string; message?: string; stack?: string } };
  const stack = error === undefined ? '' : `\n  ${error.stack ?? `${error.name}: ${error.message}`}`;
  const request = requestSchema.safeParse(fields);
  if (event !== 'http.request' || !request.success)
    return `${time} ${mark}${event} ${fieldsOf(rest)}${stack}`;
  const { method, route, status, durationMs, organizationId, requestId, code } = request.data;
  const about = [code, organizationId, requestId].filter(Boolean).join(' ');
  return `${time} ${mark}${method} ${route} ${status} ${durationMs} ms ${about}${stack}`;
}
