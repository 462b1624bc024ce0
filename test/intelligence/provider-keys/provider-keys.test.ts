import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person, TestApp } from '../../support/app.ts';
import { type AiStandIn, STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, question } from '../../support/ai/stand-in-app.ts';
import type { GenerationOutcome } from '../../../src/intelligence/generations/index.ts';
import type { StoredRun } from '../../../src/intelligence/generation-runs/runs.rules.ts';
import { settleRun } from '../../../src/intelligence/generation-runs/settle-run.ts';
import { ownerSql } from '../../contract/sql.ts';

const PATH = '/api/v1/ai/provider-keys';

let app: TestApp;
let standIn: AiStandIn;
let person: Person;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn({ ANTHROPIC_API_KEY: '' }));
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.requests.length = 0;
  person = await app.person();
});

const setKey = (secret: string, token = person.token) =>
  app.send('PUT', `${PATH}/anthropic`, { token, body: { secret } });
const ask = () => app.send('POST', '/api/v1/ai/generations', { token: person.token, body: question() });

describe('a key of an organization', () => {
  it('is stored when its provider takes it, encrypted and never shown', async () => {
    expect(await setKey('not-the-right-one')).toMatchObject({
      status: 422,
      body: { code: 'ai_provider_keys.refused' },
    });
    expect((await app.send('GET', PATH, { token: person.token })).body.data).toEqual([]);
    expect(await setKey(STAND_IN_KEY)).toMatchObject({ status: 200, body: { provider: 'anthropic' } });
    const listed = await app.send('GET', PATH, { token: person.token });
    expect(listed.body.data).toMatchObject([{ provider: 'anthropic' }]);
    const rows = await ownerSql(
      `select k.*, (select json_agg(a) from audit_logs a where a.organization_id = k.organization_id) as log
       from ai_provider_keys k where k.organization_id = $1`,
      [person.organizationId],
    );
    expect(rows).toHaveLength(1);
    for (const text of [JSON.stringify(rows), JSON.stringify(listed.body), JSON.stringify(app.log)])
      expect(text).not.toContain(STAND_IN_KEY);
  });

  it('is what models are asked with; its usage is shown, and counted by no meter', async () => {
    expect(await ask()).toMatchObject({ status: 503, body: { code: 'ai.not_configured' } });
    await setKey(STAND_IN_KEY);
    expect(await ask()).toMatchObject({ status: 200, body: { ownKey: true, usage: { inputTokens: 12 } } });
    expect(standIn.requests.at(-1)!.key).toBe(STAND_IN_KEY);
    await app.drain();
    const counted = await ownerSql(`select 1 from usage_events where organization_id = $1`, [
      person.organizationId,
    ]);
    expect(counted).toEqual([]);
  });

  it('is asked by five times as many at once as with keys of the platform', async () => {
    await setKey(STAND_IN_KEY);
    const { body } = await ask();
    await app.generations.whenAnswered();
    const run = (count: number) =>
      ownerSql(
        `insert into ai_generations select (jsonb_populate_record(g, jsonb_build_object('id', 'gen_' || lpad(n::text, 26, '0'),
           'status', 'running', 'ended_at', null))).* from ai_generations g, generate_series(1, $2::int) n where g.id = $1`,
        [body.id, count],
      );
    await run(49);
    expect(await ask()).toMatchObject({ status: 200 });
    await app.generations.whenAnswered();
    await ownerSql(
      `update ai_generations set status = 'running', ended_at = null where organization_id = $1`,
      [person.organizationId],
    );
    expect(await ask()).toMatchObject({ status: 402, body: { code: 'billing.limit_reached' } });
  });

  it('has its usage stored although the first attempt at that failed, however late', async () => {
    await setKey(STAND_IN_KEY);
    const { id: generationId, provider, model } = (await ask()).body;
    await app.generations.whenAnswered();
    const { organizationId } = person;
    await ownerSql(
      `update ai_generations set status = 'running', ended_at = null, output_tokens = 0 where id = $1`,
      [generationId],
    );
    const usage = {
      inputTokens: 12,
      outputTokens: 9,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      cacheWriteHourTokens: 0,
    };
    const outcome = {
      status: 'completed',
      failure: null,
      stopReason: 'end',
      provider,
      model,
      ownKey: true,
      usageState: 'exact',
      usage,
      firstOutputMs: 1,
      durationMs: 2,
      endedAtMs: app.clock.now() - 3_600_000,
      attempts: [],
    } as unknown as GenerationOutcome;
    const run = { organizationId, generationId, hold: null, reuse: null, isRowStored: true, startedAtMs: 0 };
    const { database } = app.services;
    let commits = 0;
    const commit: typeof database.commit = (...request) =>
      ++commits === 1 ? Promise.reject(new Error('deadlock detected')) : database.commit(...request);
    const services = { ...app.services, database: { ...database, commit } };
    const settle = () => settleRun(services, () => run as unknown as StoredRun, outcome, []);
    expect([await settle(), await settle()]).toEqual([false, true]);
    const [row] = await ownerSql(
      'select status, output_tokens::int as tokens from ai_generations where id = $1',
      [generationId],
    );
    expect(row).toEqual({ status: 'completed', tokens: 9 });
  });

  it('that its provider refuses later is no matter of the platform: the answer says so', async () => {
    await setKey(STAND_IN_KEY);
    standIn.next.push({ fault: { kind: 'status', status: 401, type: 'authentication_error' } });
    expect(await ask()).toMatchObject({ status: 422, body: { code: 'ai.provider_key_refused' } });
  });

  it('asks nothing any more once it is deleted', async () => {
    await setKey(STAND_IN_KEY);
    expect(await app.send('DELETE', `${PATH}/anthropic`, { token: person.token })).toMatchObject({
      status: 204,
    });
    expect(await ask()).toMatchObject({ status: 503 });
    expect(await app.send('DELETE', `${PATH}/anthropic`, { token: person.token })).toMatchObject({
      status: 404,
    });
  });

  it('is for owners and administrators, and of one organization alone', async () => {
    await setKey(STAND_IN_KEY);
    const member = await app.person({ organizationId: person.organizationId, role: 'member' });
    expect(await setKey(STAND_IN_KEY, member.token)).toMatchObject({ status: 403 });
    const other = await app.person();
    expect((await app.send('GET', PATH, { token: other.token })).body.data).toEqual([]);
  });
});
