import { beforeEach, describe, expect, it } from 'vitest';
import { createLeasedLimiter } from '../../../src/platform/limits/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { MemoryLimiters } from '../../support/memory-limiters.ts';

let app: TestApp;
let objects: MemoryLimiters;
let broken: boolean;
let person: Person;

/** The product with real limits, at the start of a minute; the limiter objects cannot be reached while `broken`. */
beforeEach(async () => {
  const clock = { now: () => app.clock.now() };
  objects = new MemoryLimiters(clock);
  broken = false;
  const orFail = () => {
    if (broken) throw new Error('the object is gone');
  };
  const { limitOverrides } = objects.ports();
  const limiter = createLeasedLimiter(
    { lease: async (owner, request) => (orFail(), objects.lease(owner, request)) },
    clock,
  );
  app = createTestApp({
    limiter,
    limitOverrides: {
      read: limitOverrides.read,
      write: async (owner, overrides) => (orFail(), limitOverrides.write(owner, overrides)),
    },
  });
  app.clock.advanceSeconds(60 - ((app.clock.now() / 1000) % 60));
  person = await app.person();
});

const whoAmI = (token: string, ip = '192.0.2.1') =>
  app.send('GET', '/api/v1/auth/whoami', { token, headers: { 'cf-connecting-ip': ip } });
const logIn = (ip: string) =>
  app.send('POST', '/api/v1/auth/login', {
    body: { email: 'nobody@auralink.test', password: 'correct horse battery staple' },
    headers: { 'cf-connecting-ip': ip },
  });
const sendTimes = async (times: number, send: () => Promise<{ status: number }>) => {
  const statuses: number[] = [];
  for (let i = 0; i < times; i++) statuses.push((await send()).status);
  return statuses;
};
const tallyStatuses = (statuses: number[]) =>
  Object.fromEntries(
    [...Map.groupBy(statuses, (status) => status)].map(([status, same]) => [status, same.length]),
  );

describe('the limits of a request', () => {
  it('are in the headers, the caller first, then the organization', async () => {
    const { headers } = await whoAmI(person.token);
    expect(headers.get('ratelimit-policy')).toBe('"api";q=100;w=60, "organization";q=1000;w=60');
    expect(headers.get('ratelimit')).toBe('"api";r=99;t=60, "organization";r=999;t=60');
  });

  it('are in the headers of every response', async () => {
    const answers = [
      await app.send('GET', '/health'),
      await app.send('GET', '/nowhere'),
      await app.send('PUT', '/api/v1/auth/whoami'),
      await app.send('GET', '/api/v1/auth/whoami'),
      await whoAmI('not-a-token'),
      await app.send('GET', '/api/v1/organizations?limit=0', { token: person.token }),
      await app.send('POST', '/api/v1/auth/login', { body: { email: 1 } }),
      await app.send('GET', `/api/v1/operator/organizations/${person.organizationId}/limits`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 405, 401, 401, 400, 400, 401]);
    for (const { headers } of answers) {
      expect(headers.get('ratelimit-policy')).toMatch(/^"[a-z-]+";q=\d+;w=60/);
      expect(headers.get('ratelimit')).toMatch(/^"[a-z-]+";r=\d+;t=\d+/);
    }
  });

  it('admit a user as often as the plan permits, and then answer 429 with Retry-After', async () => {
    expect(tallyStatuses(await sendTimes(101, () => whoAmI(person.token)))).toEqual({ 200: 100, 429: 1 });
    app.clock.advanceSeconds(18);
    const refused = await whoAmI(person.token);
    expect(refused.body).toMatchObject({ status: 429, code: 'request.rate_limited' });
    expect(refused.headers.get('retry-after')).toBe('42');
    expect(refused.headers.get('ratelimit')).toBe('"api";r=0;t=42');
    app.clock.advanceSeconds(42);
    expect((await whoAmI(person.token)).status).toBe(200);
  });

  it('of one user and one organization do not affect others', async () => {
    await sendTimes(101, () => whoAmI(person.token));
    const colleague = await app.person({ organizationId: person.organizationId, role: 'member' });
    const outsider = await app.person();
    expect((await whoAmI(colleague.token)).status).toBe(200);
    expect((await whoAmI(outsider.token)).status).toBe(200);
  });
});

describe('sign-in', () => {
  it('permits five attempts per minute and address for each operation', async () => {
    expect(await sendTimes(6, () => logIn('192.0.2.7'))).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await logIn('192.0.2.8')).status).toBe(401);
    const forgot = await app.send('POST', '/api/v1/auth/password/forgot', {
      body: { email: 'nobody@auralink.test' },
      headers: { 'cf-connecting-ip': '192.0.2.7' },
    });
    expect(forgot.status).toBeLessThan(300);
    app.clock.advanceSeconds(60);
    expect((await logIn('192.0.2.7')).status).toBe(401);
  });

  it('counts an IPv6 /64 network as one address', async () => {
    for (let i = 1; i <= 5; i++) await logIn(`2001:db8:0:42::${i}`);
    expect((await logIn('2001:db8:0:42:ffff::9')).status).toBe(429);
    expect((await logIn('2001:db8:0:43::1')).status).toBe(401);
  });

  it('stores no address anywhere', async () => {
    await logIn('192.0.2.7');
    const shards = Array.from({ length: 64 }, (_, i) => [
      ...objects.storage(`address:${i}`).list({ prefix: '', limit: 99 }),
    ]);
    expect(shards.flat().length).toBeGreaterThan(0);
    expect(JSON.stringify(shards)).not.toContain('192.0.2');
  });

  it('answers 503 while requests cannot be counted, as other routes do; health continues and it is logged', async () => {
    broken = true;
    const refused = await logIn('192.0.2.7');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await whoAmI(person.token)).status).toBe(503);
    expect((await app.send('GET', '/liveness')).status).toBe(200);
    expect(app.log.some(({ fields }) => fields.degraded === 1)).toBe(true);
    broken = false;
    app.clock.advanceSeconds(2);
    expect((await logIn('192.0.2.7')).status).toBe(401);
    expect((await whoAmI(person.token)).status).toBe(200);
  });
});

describe('an invalid credential', () => {
  it('counts against its address: sixty attempts per minute', async () => {
    const guessToken = () => whoAmI(`guess-${crypto.randomUUID()}`, '192.0.2.9');
    expect(tallyStatuses(await sendTimes(62, guessToken))).toEqual({ 401: 60, 429: 2 });
  });

  it('does not affect valid credentials from the same address', async () => {
    await sendTimes(61, () => whoAmI('guess', '192.0.2.9'));
    expect((await whoAmI(person.token, '192.0.2.9')).status).toBe(200);
  });

  it('of an operator is counted in the same way', async () => {
    const path = `/api/v1/operator/organizations/${person.organizationId}/limits`;
    const guess = () =>
      app.send('GET', path, { token: 'guess', headers: { 'cf-connecting-ip': '192.0.2.9' } });
    expect(tallyStatuses(await sendTimes(61, guess))).toEqual({ 401: 60, 429: 1 });
  });
});

describe("an operator's override", () => {
  const path = () => `/api/v1/operator/organizations/${person.organizationId}/limits`;
  const put = (limits: unknown) => app.send('PUT', path(), { token: app.operator, body: { limits } });

  it('applies within five seconds, also to callers that were just refused', async () => {
    await sendTimes(101, () => whoAmI(person.token));
    const answer = await put({ api: 120 });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      organizationId: person.organizationId,
      limits: { api: 120 },
      setAt: new Date(app.clock.now()).toISOString(),
    });
    app.clock.advanceSeconds(5);
    const admitted = await whoAmI(person.token);
    expect(admitted.status).toBe(200);
    expect(admitted.headers.get('ratelimit-policy')).toContain('"api";q=120;w=60');
  });

  it('can set the ceiling of the organization', async () => {
    await put({ organization: 30 });
    const colleague = await app.person({ organizationId: person.organizationId, role: 'member' });
    const tokens = [person.token, colleague.token];
    let turn = 0;
    expect(tallyStatuses(await sendTimes(40, () => whoAmI(tokens[turn++ % 2]!)))).toEqual({
      200: 30,
      429: 10,
    });
  });

  it('can be read and deleted', async () => {
    await put({ api: 1, ai: 2 });
    const read = () => app.send('GET', path(), { token: app.operator });
    expect((await read()).body.limits).toEqual({ api: 1, ai: 2 });
    app.clock.advanceSeconds(1);
    expect((await app.send('DELETE', path(), { token: app.operator })).status).toBe(204);
    expect((await read()).body.limits).toEqual({});
    expect((await whoAmI(person.token)).headers.get('ratelimit-policy')).toContain('"api";q=100');
  });

  it('is in the audit log of the organization, with the previous values', async () => {
    await put({ api: 500 });
    app.clock.advanceSeconds(1);
    await put({ api: 600 });
    const logs = await app.send('GET', '/api/v1/audit/logs', { token: person.token });
    expect(logs.body.data[0]).toMatchObject({
      action: 'organization.limits_overridden',
      actorKind: 'operator',
      before: { api: 500 },
      after: { api: 600 },
    });
  });

  it('is delivered to the object later when it cannot be reached', async () => {
    broken = true;
    expect((await put({ api: 7 })).status).toBe(200);
    broken = false;
    expect(objects.core(person.organizationId).overrides().limits).toEqual({});
    await app.drain();
    expect(objects.core(person.organizationId).overrides().limits).toEqual({ api: 7 });
  });

  it('accepts only limits of an organization', async () => {
    for (const limits of [{ auth: 100 }, { everything: 1 }, { api: -1 }, { api: 1.5 }])
      expect((await put(limits)).status).toBe(400);
  });
});
