import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { parseEvents } from '../../support/ai/parse-events.ts';
import { createAppWithStandIn, question } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { endLostGenerations } from '../../../src/intelligence/generations/finish-generation.ts';
import type { GenerationPlan } from '../../../src/intelligence/generations/index.ts';

const PATH = '/api/v1/ai/generations';

let app: TestApp;
let standIn: AiStandIn;
let person: Person;
let open: () => void;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.requests.length = 0;
  standIn.gate = undefined;
  app.generations.refused.length = 0;
  person = await app.person({ plan: 'pro' });
});

const ask = (fields: object = {}, headers: Record<string, string> = {}, token = person.token) =>
  app.send('POST', PATH, { token, body: question(fields), headers });
const rowsOf = ({ organizationId }: Person) =>
  ownerSql('select status, failure, output_tokens from ai_generations where organization_id = $1', [
    organizationId,
  ]);
const endSession = ({ sessionId }: Person) =>
  ownerSql('update sessions set revoked_at = now() where id = $1', [sessionId]);

/** A stream whose model has said its first word, and waits. */
async function startStream(token = person.token) {
  standIn.gate = new Promise((resolve) => (open = resolve));
  const answer = ask({ stream: true }, {}, token);
  await expect.poll(() => standIn.open).toBe(1);
  await expect.poll(() => rowsOf(person)).toMatchObject([{ status: 'running' }]);
  return { answer };
}
async function afterHeartbeat(change: () => Promise<unknown>, token?: string) {
  const { answer } = await startStream(token);
  await change();
  app.clock.advanceSeconds(11);
  await app.generations.ring();
  return answer;
}

describe('a caller who was proven a moment ago', () => {
  it('gets nothing of what was asked meanwhile, when they may not ask any more', async () => {
    expect(await ask()).toMatchObject({ status: 200 });
    await endSession(person);
    expect(await ask()).toMatchObject({ status: 401 });
    expect(app.generations.refused).toHaveLength(1);
    expect(await rowsOf(person)).toHaveLength(1);
    await expect.poll(() => standIn.open).toBe(0);
    // What was refused is not remembered.
    expect(await ask()).toMatchObject({ status: 401 });
    expect(app.generations.refused).toHaveLength(1);
  });

  it('is proven before a model is asked, five seconds later', async () => {
    await ask();
    app.clock.advanceSeconds(5);
    await endSession(person);
    expect(await ask()).toMatchObject({ status: 401 });
    expect(standIn.requests).toHaveLength(1);
  });

  it('is proven before a model is asked, where the request may be a repeated one', async () => {
    await ask();
    await endSession(person);
    expect(await ask({}, { 'idempotency-key': crypto.randomUUID() })).toMatchObject({ status: 401 });
    expect(standIn.requests).toHaveLength(1);
  });

  it('is held to a budget that was set since', async () => {
    await ask();
    const body = { limitMicros: 0, period: 'month' };
    await app.send('PUT', '/api/v1/ai/budget', { token: person.token, body });
    // Without a price nothing is asked within a budget.
    expect(await ask()).toMatchObject({ status: 409, body: { code: 'ai.price_unknown' } });
    expect(await rowsOf(person)).toHaveLength(1);
  });
});

describe('a stream ends within ten seconds', () => {
  const setPlan = (plan: string) =>
    app.send('PUT', `/api/v1/operator/organizations/${person.organizationId}/plan`, {
      token: app.operator,
      body: { plan, reason: 'Test' },
    });
  const switchOff = (name: string) =>
    app.send('POST', `/api/v1/operator/organizations/${person.organizationId}/entitlement-grants`, {
      token: app.operator,
      body: { kind: 'feature', name, value: 0, reason: 'Test' },
    });
  const setRole = (role: string) =>
    ownerSql('update members set role = $1 where user_id = $2', [role, person.userId]);

  it.each<[string, () => Promise<unknown>]>([
    ['the session ends', () => endSession(person)],
    ['its asker is removed', () => ownerSql('delete from members where user_id = $1', [person.userId])],
    ['the role of its asker may not ask any more', () => setRole('guest')],
    ['the organization may not have it any more', () => switchOff('platform_models')],
    [
      'the organization is deleted',
      () => ownerSql('update organizations set deleted_at = now() where id = $1', [person.organizationId]),
    ],
  ])('when %s', async (_what, change) => {
    const { body } = await afterHeartbeat(change);
    expect(parseEvents(body).at(-1)).toMatchObject({
      event: 'failed',
      data: { failure: 'access_ended' },
    });
    await expect.poll(() => rowsOf(person)).toMatchObject([{ status: 'failed', failure: 'access_ended' }]);
    await expect.poll(() => standIn.open).toBe(0);
  });

  it('when the API key that asked is revoked', async () => {
    const scopes = ['ai:write'];
    const key = await app.send('POST', '/api/v1/api-keys', {
      token: person.token,
      body: { name: 'Asks', scopes },
    });
    const path = `/api/v1/api-keys/${key.body.id}`;
    const revoke = () => app.send('DELETE', path, { token: person.token });
    const { body } = await afterHeartbeat(revoke, key.body.secret);
    expect(parseEvents(body).at(-1)).toMatchObject({ data: { failure: 'access_ended' } });
  });

  it('and not when the role or the plan of its asker becomes another that may ask', async () => {
    const { answer } = await startStream();
    await setRole('member');
    await setPlan('enterprise');
    app.clock.advanceSeconds(11);
    await app.generations.ring();
    standIn.gate = undefined;
    open();
    expect(parseEvents((await answer).body).at(-1)).toMatchObject({ event: 'ended' });
  });
});

describe('a generation that lost its Worker or its object', () => {
  it('whose Worker died before it stored the row is stored by its object, with its usage', async () => {
    const { liveGenerations } = app.services.ports;
    app.services.ports.liveGenerations = {
      ...liveGenerations,
      follow: async (plan: GenerationPlan, storeRow) => {
        await storeRow();
        return liveGenerations.follow(plan, () => new Promise(() => undefined), 1);
      },
    };
    const pending = ask({ stream: true });
    pending.catch(() => undefined);
    await expect.poll(() => rowsOf(person)).toHaveLength(1);
    await ownerSql('delete from ai_generations where organization_id = $1', [person.organizationId]);
    app.services.ports.liveGenerations = liveGenerations;
    await expect.poll(() => standIn.open).toBe(0);
    app.clock.advanceSeconds(30);
    await app.generations.ring();
    expect(await rowsOf(person)).toEqual([]);
    app.clock.advanceSeconds(31);
    await app.generations.ring();
    expect(await rowsOf(person)).toMatchObject([{ status: 'completed', output_tokens: 9 }]);
  });

  it('whose object was never reached ends as interrupted after a quarter of an hour', async () => {
    const { liveGenerations } = app.services.ports;
    app.services.ports.liveGenerations = {
      ...liveGenerations,
      follow: async (_plan: GenerationPlan, storeRow) => {
        await storeRow();
        throw new Error('unreachable');
      },
    };
    expect(await ask({ stream: true })).toMatchObject({ status: 500 });
    app.services.ports.liveGenerations = liveGenerations;
    app.clock.advanceSeconds(890);
    await endLostGenerations(app.services);
    expect(await rowsOf(person)).toMatchObject([{ status: 'running' }]);
    app.clock.advanceSeconds(20);
    await endLostGenerations(app.services);
    expect(await rowsOf(person)).toMatchObject([{ status: 'failed', failure: 'interrupted' }]);
  });

  it('whose end the database does not take ends without usage when its answer is not kept any more', async () => {
    await ownerSql('alter table ai_generations add constraint refused check (output_tokens <> 77)');
    standIn.next.push({ answer: { pieces: ['Hello.'], usage: { input_tokens: 1, output_tokens: 77 } } });
    const { body } = await ask({ stream: true });
    expect(parseEvents(body).at(-1)).toMatchObject({ event: 'ended' });
    app.clock.advanceSeconds(890);
    await app.generations.ring();
    expect(await rowsOf(person)).toMatchObject([{ status: 'running' }]);
    app.clock.advanceSeconds(20);
    await app.generations.ring();
    await ownerSql('alter table ai_generations drop constraint refused');
    expect(await rowsOf(person)).toEqual([{ status: 'failed', failure: 'interrupted', output_tokens: 0 }]);
  });

  it('is looked at in the turn of its organization: the rows of another one, however many, keep none back', async () => {
    const others = [person, await app.person(), await app.person()];
    const { organizationId: flooded } = await app.person();
    const insertLost = (organizationId: string, count: number) =>
      ownerSql(
        `insert into ai_generations (id, organization_id, status, provider, model, own_key, usage_state, input_tokens,
           output_tokens, cache_read_tokens, cache_write_tokens, cache_write_hour_tokens, attempts, route, created_at)
         select 'gen_' || $1 || each, $1, 'running', 'custom:lab', 'lab/model', true, 'none', 0, 0, 0, 0, 0, '[]',
           '{"policy":null,"passedOver":[]}', $3
         from generate_series(1, $2::int) each`,
        [organizationId, count, new Date(app.clock.now()).toISOString()],
      );
    await insertLost(flooded, 4_000);
    for (const { organizationId } of others) await insertLost(organizationId, 1);
    const { liveGenerations } = app.services.ports;
    app.services.ports.liveGenerations = {
      ...liveGenerations,
      answer: async ({ organizationId }) =>
        organizationId === flooded ? { output: [], outcome: null } : null,
    };
    app.clock.advanceSeconds(910);
    await endLostGenerations(app.services);
    app.services.ports.liveGenerations = liveGenerations;
    for (const each of others)
      expect(await rowsOf(each)).toMatchObject([{ status: 'failed', failure: 'interrupted' }]);
    await ownerSql('delete from ai_generations where organization_id = $1', [flooded]);
  });
});
