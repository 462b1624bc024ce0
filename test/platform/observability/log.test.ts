import { describe, expect, it } from 'vitest';
import type { LogFields } from '../../../src/kernel/core/index.ts';
import { createLog } from '../../../src/platform/observability/index.ts';

/** The line that the log wrote, as text and parsed. */
function written(fields: LogFields): { line: string; said: Record<string, unknown> } {
  const lines: string[] = [];
  const sink = { log: (line: string) => lines.push(line), warn: () => 0, error: () => 0 };
  createLog({ now: () => 0 }, sink).info('tested', fields);
  expect(lines).toHaveLength(1);
  return { line: lines[0]!, said: JSON.parse(lines[0]!) as Record<string, unknown> };
}

describe('a log line', () => {
  it('is one line of JSON with level, event and time', () => {
    const { line, said } = written({ requestId: 'req_1', text: 'two\nlines' });
    expect(line).not.toContain('\n');
    expect(said).toEqual({
      level: 'info',
      event: 'tested',
      at: '1970-01-01T00:00:00.000Z',
      requestId: 'req_1',
      text: 'two\nlines',
    });
  });

  it('goes to the console stream of its level', () => {
    const levels: string[] = [];
    const note = (level: string) => () => void levels.push(level);
    const log = createLog({ now: () => 0 }, { log: note('log'), warn: note('warn'), error: note('error') });
    log.info('a');
    log.warn('b');
    log.error('c');
    expect(levels).toEqual(['log', 'warn', 'error']);
  });
});

describe('redaction', () => {
  it.each([
    ['password'],
    ['newPassword'],
    ['token'],
    ['accessToken'],
    ['refresh_token'],
    ['apiKey'],
    ['api_key'],
    ['x-api-key'],
    ['MAIL_API_KEY'],
    ['OPERATOR_TOKEN'],
    ['clientSecret'],
    ['Authorization'],
    ['set-cookie'],
    ['HASH_PEPPER'],
    ['privateKey'],
    ['otp'],
    ['requestHash'],
  ])('redacts a field named %s, at any depth', (name) => {
    const { line } = written({ outer: { list: [{ [name]: 'hunter2-hunter2' }] }, [name]: 'hunter2-hunter2' });
    expect(line).not.toContain('hunter2');
    expect(line).toContain('[redacted]');
  });

  it('keeps fields with a similar name', () => {
    const fields = { keyId: 'k1', tokens: 512, monkeys: 'three', spinning: 'yes', footprint: 'small' };
    expect(written(fields).said).toMatchObject(fields);
  });

  it.each([
    ['an e-mail address', 'mail to ada.lovelace+x@example.co.uk failed', 'mail to [email] failed'],
    [
      'a bearer credential',
      'sent Authorization: Bearer abc.def-ghi',
      'sent Authorization: Bearer [redacted]',
    ],
    ['a JWT', `got eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln back`, 'got [jwt] back'],
    ['an API key of ours', `key al_live_${'a'.repeat(32)} used`, 'key [api key] used'],
    ["a provider's key", `key sk-ant-api03-${'a'.repeat(32)} used`, 'key [api key] used'],
    [
      'a connection string',
      'at postgres://user:hunter2@db.example/x',
      'at postgres://[credentials]@db.example/x',
    ],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', '[key]'],
  ])('masks %s inside a text', (_what, text, masked) => {
    expect(written({ detail: text }).said.detail).toBe(masked);
    expect((written({ error: new Error(text) }).said.error as { message: string }).message).toBe(masked);
  });

  it('masks the message, the stack and every cause of an error', () => {
    const cause = new Error('login of ada@example.com', { cause: { password: 'hunter2' } });
    const { line, said } = written({ error: new TypeError('for bob@example.com', { cause }) });
    expect(line).not.toMatch(/ada|bob|hunter2/);
    expect(said.error).toMatchObject({
      name: 'TypeError',
      cause: { name: 'Error', cause: { password: '[redacted]' } },
    });
  });

  it('keeps ids and traces readable', () => {
    const fields = {
      organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      keyId: 'k'.repeat(64),
    };
    expect(written(fields).said).toMatchObject(fields);
  });
});

describe('any value', () => {
  it('that JSON cannot represent is logged', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle.self = circle;
    const failing = Object.defineProperty({}, 'trap', {
      enumerable: true,
      get() {
        throw new Error('no');
      },
    });
    expect(written({ circle }).said.circle).toEqual({ name: 'circle', self: '[circular]' });
    expect(written({ big: 12n, sign: Symbol('s'), not: Number.NaN, never: undefined }).said).toMatchObject({
      big: '12',
      sign: 'Symbol(s)',
      not: 'NaN',
    });
    expect(
      written({ set: new Set([1]), map: new Map([['token', 'x']]), bytes: new Uint8Array(3) }).said,
    ).toMatchObject({ set: [1], map: { token: '[redacted]' }, bytes: '[3 bytes]' });
    expect(written({ date: new Date(Number.NaN), run: () => 1 }).said).toMatchObject({
      date: 'Invalid Date',
    });
    expect(written({ failing }).said).toMatchObject({ event: 'tested', unloggable: 'Error' });
  });

  it('that occurs twice without a cycle is shown twice', () => {
    const shared = { id: 1 };
    expect(written({ one: shared, two: shared }).said).toMatchObject({ one: { id: 1 }, two: { id: 1 } });
  });

  it('is bounded: long texts, long lists, deep nesting, many fields', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100; level++) deep = { deep };
    const { line, said } = written({
      requestId: 'req_1',
      text: 'x'.repeat(1_000_000),
      list: Array.from({ length: 10_000 }, () => 'y'.repeat(500)),
      deep,
    });
    expect(line.length).toBeLessThanOrEqual(16_384);
    expect(said).toMatchObject({ event: 'tested', truncated: true, requestId: 'req_1' });
    expect(written({ deep }).line).toContain('[too deep]');
  });

  it('that is hostile to the patterns is logged quickly', () => {
    const usedBefore = process.cpuUsage();
    for (const piece of ['a@', 'a.', '://a:', 'bearer ', 'eyJa.', '-----BEGIN A-----'])
      written({ text: piece.repeat(100_000), error: new Error(piece.repeat(100_000)) });
    const { user } = process.cpuUsage(usedBefore);
    expect(user).toBeLessThan(2_000_000);
  });
});
