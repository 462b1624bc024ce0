import type { Log, LogFields } from '../core/index.ts';

const SECRET_NAME = /secret|password|authorization|cookie|token$|pepper/i;

function plain(name: string, value: unknown): unknown {
  if (SECRET_NAME.test(name)) return '[redacted]';
  if (value instanceof Error)
    return {
      name: value.name,
      message: value.message,
      stack: value.stack,
      ...(value.cause === undefined ? {} : { cause: plain('cause', value.cause) }),
    };
  return value;
}

/** One line of JSON for each event, on the console that the platform collects. */
export function createLog(clock: { now(): number }): Log {
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (event: string, fields: LogFields = {}) => {
      const line: LogFields = { level, event, at: new Date(clock.now()).toISOString() };
      for (const [name, value] of Object.entries(fields))
        if (value !== undefined) line[name] = plain(name, value);
      console[level === 'info' ? 'log' : level](JSON.stringify(line));
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}
