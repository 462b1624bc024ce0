import { describe, expect, it } from 'vitest';
import { formatLogLine, LAUNCHER_REQUESTS } from '../../workers/local/log-lines.ts';

const at = '2026-11-22T10:20:30.000Z';

describe('a line of the local log', () => {
  it('shows a request with method, route, status, time and organization', () => {
    const line = JSON.stringify({
      level: 'info',
      event: 'http.request',
      at,
      method: 'GET',
      route: '/api/v1/rooms/{roomId}',
      status: 404,
      durationMs: 3,
      code: 'rooms.not_found',
      organizationId: 'org_1',
      requestId: 'req_1',
    });
    expect(formatLogLine(line)).toBe(
      '10:20:30 GET /api/v1/rooms/{roomId} 404 3 ms rooms.not_found org_1 req_1',
    );
  });

  it('shows a delivery with event, subscriber, outcome and time', () => {
    const fields = { type: 'call.ended', subscriber: 'live-sync.call', outcome: 'done', durationMs: 106 };
    const line = JSON.stringify({
      level: 'info',
      event: 'outbox.message',
      at,
      requestId: 'evt_1',
      ...fields,
    });
    expect(formatLogLine(line)).toBe('10:20:30 call.ended → live-sync.call done 106 ms');
  });

  it('leaves out a wakeup whose delivery was made already', () => {
    const fields = { type: 'unknown', subscriber: 'unknown', outcome: 'ignored', durationMs: 5 };
    const formatWakeup = (level: string) =>
      formatLogLine(JSON.stringify({ level, event: 'outbox.message', at, requestId: 'evt_1', ...fields }));
    expect(formatWakeup('info')).toBeUndefined();
    expect(formatWakeup('error')).toBe('10:20:30 ERROR unknown → unknown ignored 5 ms');
  });

  it('leaves out the measurements of a call that were stored', () => {
    const formatFrame = (type: string, outcome: string) =>
      formatLogLine(JSON.stringify({ level: 'info', event: 'room.frame', at, type, outcome }));
    expect(formatFrame('quality.samples', 'done')).toBeUndefined();
    expect(formatFrame('quality.samples', 'refused')).toContain('refused');
    expect(formatFrame('lobby.admit', 'done')).toContain('lobby.admit');
  });

  it('shows a scheduled task only if it changed something, failed or was slow', () => {
    const formatTask = (fields: object, level = 'info') =>
      formatLogLine(
        JSON.stringify({ level, event: 'cron.run', at, name: 'rings.sweep', durationMs: 4, ...fields }),
      );
    expect(formatTask({ result: { expired: 0, lists: { deleted: 0 } } })).toBeUndefined();
    expect(formatTask({ result: [{ cluster: 'default', stopped: 0 }] })).toBeUndefined();
    expect(formatTask({ result: { calls: 0, unreachable: ['default'] } })).toContain('rings.sweep');
    expect(formatTask({})).toBeUndefined();
    expect(formatTask({ result: { expired: 0, deleted: 2 } })).toContain('rings.sweep');
    expect(formatTask({ result: { expired: 0 }, durationMs: 5_000 })).toContain('rings.sweep');
    expect(formatTask({}, 'error')).toContain('ERROR cron.run name=rings.sweep');
  });

  it("leaves out the launcher's own requests, unless the Worker fails", () => {
    const formatRequest = (requestId: string, status: number) =>
      formatLogLine(
        JSON.stringify({
          level: 'info',
          event: 'http.request',
          at,
          method: 'POST',
          route: '/login',
          status,
          durationMs: 3,
          requestId,
        }),
      );
    expect(formatRequest(`${LAUNCHER_REQUESTS}1`, 401)).toBeUndefined();
    expect(formatRequest('req_1', 401)).toContain('POST /login 401');
    expect(formatRequest(`${LAUNCHER_REQUESTS}1`, 500)).toContain('POST /login 500');
  });

  it('keeps the stack of a defect', () => {
    const error = {
      name: 'TypeError',
      message: 'x is not a function',
      stack: 'TypeError: x is not a function\n at y',
    };
    const line = JSON.stringify({ level: 'error', event: 'after.failed', at, name: 'outbox.publish', error });
    expect(formatLogLine(line)).toBe(
      '10:20:30 ERROR after.failed name=outbox.publish\n  TypeError: x is not a function\n at y',
    );
  });

  it('is readable as Wrangler prints errors: without colours, the stack with a line for each call', () => {
    const error = { name: 'TypeError', message: 'no', stack: 'TypeError: no\n at y\n at z' };
    const line = JSON.stringify({ level: 'error', event: 'cron.run', at, name: 'rings.sweep', error });
    const printed = `\u001B[31m✘ \u001B[41;31m[\u001B[41;97mERROR\u001B[41;31m]\u001B[0m \u001B[1m${line}\u001B[0m`;
    expect(formatLogLine(printed)).toBe(
      '10:20:30 ERROR cron.run name=rings.sweep\n  TypeError: no\n at y\n at z',
    );
    expect(formatLogLine('\u001B[31m✘ [ERROR]\u001B[0m Build failed')).toBe('✘ [ERROR] Build failed');
  });

  it('leaves out only the lines that the tools print about themselves', () => {
    expect(formatLogLine('[wrangler:info] Ready on http://localhost:8787')).toBeUndefined();
    expect(formatLogLine('⎔ Starting local server...')).toBeUndefined();
    const installed = 'workers/local/egress/recorder/node_modules/tslib/index.js';
    expect(formatLogLine(`The file ${installed} changed, restarting build...`)).toBeUndefined();
    expect(formatLogLine('The file src/a.ts changed, restarting build...')).toContain('src/a.ts');
    expect(formatLogLine('Uncaught Error: something of ours')).toBe('Uncaught Error: something of ours');
  });
});
