import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../../src/platform/operations/operations.tables.ts';
import {
  defineOperation,
  type OperationRun,
  startOperation,
  sweepOperations,
} from '../../../src/platform/operations/index.ts';
import { createCtx, type Ctx, systemScope } from '../../../src/kernel/context/index.ts';
import { PermanentFailure, requestErrors } from '../../../src/kernel/core/index.ts';
import { permissionsOfRole, signAccessToken } from '../../../src/identity/access/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

declare module '../../../src/kernel/core/permissions.ts' {
  interface PermissionActions {
    things: 'make';
  }
}

let app: TestApp;
let owner: Person;
/** The work of the operation under test; each test sets it. */
let work: (ctx: Ctx, run: OperationRun) => Promise<void>;

const thingOperation = defineOperation({
  kind: 'test.thing_made',
  permission: 'things:make',
  input: z.object({ size: z.number() }),
  maxAttempts: 2,
  async run(ctx, { size }, run) {
    await work(ctx, run);
    await ctx.ports.objects.put(run.resultKey, 'x'.repeat(size), { contentType: 'text/plain' });
    return { type: 'text/plain', name: 'thing.txt' };
  },
});

const ctxOf = ({ userId, organizationId, sessionId }: Person) =>
  createCtx(app.services, {
    actor: {
      kind: 'user',
      userId,
      sessionId,
      organizationId,
      role: 'owner',
      plan: 'free',
      permissions: permissionsOfRole('owner'),
    },
    origin: {
      requestId: 'req_test',
      traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
      ip: null,
      userAgent: null,
      continent: null,
    },
    after: () => undefined,
    onEvents: () => undefined,
    onRoundTrip: () => undefined,
  });

/** Starts an operation as a verb does, and publishes its event. */
async function start(person: Person, size = 3) {
  const operation = await startOperation(ctxOf(person), thingOperation, { size }, ({ id }) => ({
    action: 'thing.asked_for',
    target: { type: 'operation', id },
  }));
  return { operation, path: `/api/v1/operations/${operation.id}` };
}

/** Delivers the event to its subscriber, which gets the given time. */
async function deliver(person: Person, operationId: string, attempt = 1): Promise<void> {
  const { userId: _user, organizationId } = person;
  const ctx = createCtx(app.services, {
    actor: { kind: 'system', name: 'test.thing_made', organizationId },
    origin: ctxOf(person).origin,
    after: () => undefined,
    onEvents: () => undefined,
    onRoundTrip: () => undefined,
  });
  await thingOperation.subscription.handle(ctx, { operationId } as never, {
    id: 'evt_test.operations.run',
    eventId: 'evt_test',
    occurredAtMs: app.clock.now(),
    attempt,
  });
}

const send = (method: string, path: string, person = owner) =>
  app.send(method, path, { token: person.token });

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
});

describe('an operation', () => {
  it('can be followed from its start to its result, a file', async () => {
    const seen: number[] = [];
    const { operation, path } = await start(owner, 5);
    work = async (_ctx, run) => {
      for (const percent of [10.7, 50, 30, 100]) {
        await run.progress(percent);
        seen.push((await send('GET', path)).body.progress);
      }
    };
    expect((await send('GET', path)).body).toMatchObject({
      status: 'pending',
      progress: 0,
      kind: 'test.thing_made',
    });
    expect((await send('GET', `${path}/result`)).body.code).toBe('operations.no_result');
    await deliver(owner, operation.id);
    // Progress never goes back, and is 100 only at the end.
    expect(seen).toEqual([10, 50, 50, 99]);
    const done = await send('GET', path);
    expect(done.body).toMatchObject({ status: 'succeeded', progress: 100, resultUrl: `${path}/result` });
    const file = await send('GET', done.body.resultUrl);
    expect(file.body).toBe('xxxxx');
    expect(file.headers.get('content-type')).toBe('text/plain');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="thing.txt"');
    expect(file.headers.get('content-length')).toBe('5');
    // A repeated delivery does the work once.
    work = async () => {
      throw new Error('must not run again');
    };
    await deliver(owner, operation.id);
  });

  it('is committed with its event and audit entry, or not at all', async () => {
    const { operation } = await start(owner);
    const logs = await app.send('GET', `/api/v1/audit/logs?targetId=${operation.id}`, { token: owner.token });
    expect(logs.body.data.map((entry: { action: string }) => entry.action)).toEqual(['thing.asked_for']);
  });

  it('that throws an application error fails at once with its code', async () => {
    const { operation, path } = await start(owner);
    work = async () => {
      throw requestErrors.notFound({ detail: 'the thing has gone' });
    };
    await deliver(owner, operation.id);
    expect((await send('GET', path)).body).toMatchObject({
      status: 'failed',
      error: { code: 'request.not_found', detail: 'the thing has gone' },
    });
  });

  it('that throws any other error is retried, and finally fails without revealing the cause', async () => {
    const { operation, path } = await start(owner);
    work = async (ctx, run) => {
      await ctx.ports.objects.put(run.resultKey, 'half', { contentType: 'text/plain' });
      throw new Error('the cable is loose');
    };
    await expect(deliver(owner, operation.id, 1)).rejects.toThrow('the cable is loose');
    expect((await send('GET', path)).body.status).toBe('running');
    await deliver(owner, operation.id, 2);
    const { body } = await send('GET', path);
    expect(body).toMatchObject({ status: 'failed', error: { code: 'server.internal' } });
    expect(JSON.stringify(body)).not.toContain('cable');
    expect([...app.objects.texts().keys()].join()).not.toContain(operation.id);
  });

  it.each([
    ['a permanent failure', () => Promise.reject(new PermanentFailure('the provider refuses it'))],
    [
      'a date that the database refuses',
      (ctx: Ctx) => ctx.read((q) => [q.execute(sql`select '0000-01-01'::timestamptz`)]),
    ],
  ])('that ends in %s fails at once', async (_name, hopeless) => {
    const { operation, path } = await start(owner);
    work = async (ctx) => void (await hopeless(ctx));
    await deliver(owner, operation.id, 1);
    expect((await send('GET', path)).body).toMatchObject({
      status: 'failed',
      error: { code: 'server.internal' },
    });
  });

  it('whose stored input does not match its schema fails at once', async () => {
    const { operation, path } = await start(owner, Number.NaN);
    work = async () => undefined;
    await deliver(owner, operation.id, 1);
    expect((await send('GET', path)).body).toMatchObject({
      status: 'failed',
      error: { code: 'server.internal' },
    });
  });

  it('continues after an interruption', async () => {
    const { operation, path } = await start(owner);
    work = async () => {
      throw new Error('cut short');
    };
    await expect(deliver(owner, operation.id, 1)).rejects.toThrow();
    work = async () => undefined;
    await deliver(owner, operation.id, 2);
    expect((await send('GET', path)).body.status).toBe('succeeded');
  });
});

describe('cancelling', () => {
  it('ends a pending operation at once', async () => {
    const { operation, path } = await start(owner);
    expect((await send('POST', `${path}/cancel`)).body).toMatchObject({
      status: 'cancelled',
      cancelRequested: true,
    });
    work = async () => {
      throw new Error('must not run');
    };
    await deliver(owner, operation.id);
    expect((await send('GET', path)).body.status).toBe('cancelled');
    expect((await send('POST', `${path}/cancel`)).body.code).toBe('operations.finished');
  });

  it('stops a running operation at its next progress report', async () => {
    const { operation, path } = await start(owner);
    let reached = 0;
    work = async (_ctx, run) => {
      await run.progress(20);
      reached = 20;
      expect((await send('POST', `${path}/cancel`)).body).toMatchObject({
        status: 'running',
        cancelRequested: true,
      });
      await run.progress(40);
      reached = 40;
    };
    await deliver(owner, operation.id);
    expect(reached).toBe(20);
    expect((await send('GET', path)).body).toMatchObject({ status: 'cancelled', progress: 20 });
    expect((await send('GET', `${path}/result`)).body.code).toBe('operations.no_result');
  });

  it('after the end changes nothing', async () => {
    const { operation, path } = await start(owner);
    work = async () => void (await send('POST', `${path}/cancel`));
    await deliver(owner, operation.id);
    expect((await send('GET', path)).body).toMatchObject({ status: 'succeeded', cancelRequested: true });
  });
});

describe('the visibility of an operation', () => {
  it('requires the permission that starting it required', async () => {
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    const { path } = await start(owner);
    for (const [method, url] of [
      ['GET', path],
      ['GET', `${path}/result`],
      ['POST', `${path}/cancel`],
    ] as const)
      expect((await send(method, url, member)).body.code).toBe('operations.not_found');
    expect((await send('GET', '/api/v1/operations', member)).body.data).toEqual([]);
    const outsider = await app.person();
    expect((await send('GET', path, outsider)).body.code).toBe('operations.not_found');
  });

  it('is that of lists too, which are paged, newest first', async () => {
    const person = await app.person();
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) {
      app.clock.advanceSeconds(1);
      ids.unshift((await start(person)).operation.id);
    }
    const first = await send('GET', '/api/v1/operations?limit=2', person);
    const second = await send('GET', `/api/v1/operations?limit=2&cursor=${first.body.nextCursor}`, person);
    expect([...first.body.data, ...second.body.data].map((each: { id: string }) => each.id)).toEqual(ids);
  });
});

describe('an ended operation', () => {
  const HOUR = 3600;

  async function tokenAfter(person: Person, seconds: number): Promise<void> {
    app.clock.advanceSeconds(seconds);
    person.token = await signAccessToken(
      app.services.signer,
      {
        userId: person.userId,
        sessionId: person.sessionId,
        membership: { organizationId: person.organizationId, role: 'owner', plan: 'free' },
      },
      300,
    );
  }

  it('keeps its result for a day, answers 410 for a month, and is then deleted', async () => {
    const person = await app.person();
    const { operation, path } = await start(person);
    work = async () => undefined;
    await deliver(person, operation.id);
    const key = `operations/${person.organizationId}/${operation.id}`;
    await tokenAfter(person, 23 * HOUR);
    await sweepOperations(app.services);
    expect((await send('GET', `${path}/result`, person)).status).toBe(200);
    await tokenAfter(person, HOUR);
    // It expires to the second, whether or not the sweep has run.
    expect((await send('GET', `${path}/result`, person)).body.code).toBe('operations.expired');
    await sweepOperations(app.services);
    expect(app.objects.texts().has(key)).toBe(false);
    const gone = await send('GET', `${path}/result`, person);
    expect(gone.status).toBe(410);
    expect((await send('GET', path, person)).body).not.toHaveProperty('resultUrl');
    await tokenAfter(person, 31 * 24 * HOUR);
    await sweepOperations(app.services);
    expect((await send('GET', path, person)).body.code).toBe('operations.not_found');
  });

  it('is not deleted while its object exists', async () => {
    const person = await app.person();
    const { operation } = await start(person);
    work = async () => undefined;
    await deliver(person, operation.id);
    await tokenAfter(person, 40 * 24 * HOUR);
    app.objects.failWhen((call, key) => call === 'delete' && key.includes(operation.id));
    await expect(sweepOperations(app.services)).rejects.toThrow('object storage failed');
    app.objects.failWhen(undefined);
    const count = async () =>
      (
        await app.services.database.read(systemScope, (q) => [
          q.select({ id: operations.id }).from(operations),
        ])
      )[0].filter(({ id }) => id === operation.id).length;
    expect(await count()).toBe(1);
    await sweepOperations(app.services);
    expect(app.objects.texts().has(`operations/${person.organizationId}/${operation.id}`)).toBe(false);
  });

  it('is abandoned after a day without progress', async () => {
    const person = await app.person();
    const { operation, path } = await start(person);
    work = async () => {
      throw new Error('the isolate died');
    };
    await expect(deliver(person, operation.id, 1)).rejects.toThrow();
    await tokenAfter(person, 25 * HOUR);
    await sweepOperations(app.services);
    expect((await send('GET', path, person)).body).toMatchObject({
      status: 'failed',
      error: { code: 'operations.abandoned' },
    });
  });
});
