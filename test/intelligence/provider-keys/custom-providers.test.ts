import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { completionsDialect } from '../../support/ai/completions-answer.ts';
import { AiStandIn, STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { question } from '../../support/ai/stand-in-app.ts';
import { resealKeys } from '../../../src/intelligence/provider-keys/reseal-keys.ts';
import { randomSecrets } from '../../support/environment.ts';
import { ownerSql } from '../../contract/sql.ts';

const PATH = '/api/v1/ai/custom-providers';

let app: TestApp;
let person: Person;
const lab = new AiStandIn(completionsDialect);
const elsewhere = new AiStandIn(completionsDialect);

beforeAll(async () => {
  await Promise.all([lab.start(), elsewhere.start()]);
  app = createTestApp({}, { OUTGOING_ALLOWED: `${lab.url},${elsewhere.url}` });
});
afterAll(() => Promise.all([lab.stop(), elsewhere.stop()]));
beforeEach(async () => {
  for (const standIn of [lab, elsewhere]) standIn.requests.length = 0;
  person = await app.person();
});

const MODEL = { id: 'org/llama', contextTokens: 8_000, maxOutputTokens: 2_000, capabilities: ['tools'] };

const set = (name = 'lab', fields: object = {}, { token } = person) =>
  app.send('PUT', `${PATH}/${name}`, {
    token,
    body: { baseUrl: `${lab.url}/v1/`, secret: STAND_IN_KEY, models: [MODEL], ...fields },
  });
const list = async ({ token } = person) => (await app.send('GET', PATH, { token })).body.data;
const ask = (fields: object = {}, { token } = person) =>
  app.send('POST', '/api/v1/ai/generations', {
    token,
    body: question({ model: 'lab/org/llama', ...fields }),
  });

describe('a custom provider', () => {
  it('is stored when it takes its key, which is encrypted and never shown', async () => {
    expect(await set('lab', { secret: 'not-the-right-one' })).toMatchObject({
      status: 422,
      body: { code: 'ai_provider_keys.refused' },
    });
    expect(await list()).toEqual([]);
    expect(await set()).toMatchObject({ status: 200, body: { name: 'lab', baseUrl: `${lab.url}/v1` } });
    expect(lab.requests.at(-1)).toMatchObject({ path: '/v1/models', key: STAND_IN_KEY });
    expect(await list()).toMatchObject([{ name: 'lab', models: [MODEL], takesUsageOption: true }]);
    const keys = await app.send('GET', '/api/v1/ai/provider-keys', { token: person.token });
    expect(keys.body.data).toEqual([]);
    const rows = await ownerSql(
      `select k.*, (select json_agg(a) from audit_logs a where a.organization_id = k.organization_id) as log
       from ai_provider_keys k where k.organization_id = $1`,
      [person.organizationId],
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify([rows, app.log])).not.toContain(STAND_IN_KEY);
  });

  it('answers with its models; the provider charges, and no meter counts', async () => {
    await set();
    expect(await ask()).toMatchObject({
      status: 200,
      body: {
        provider: 'custom:lab',
        model: 'lab/org/llama',
        ownKey: true,
        output: [{ type: 'text', text: 'Hello from the stand-in.' }],
        usage: { state: 'exact', inputTokens: 12, outputTokens: 9 },
      },
    });
    expect(lab.requests.at(-1)).toMatchObject({
      path: '/v1/chat/completions',
      key: STAND_IN_KEY,
      body: { model: 'org/llama', max_tokens: 100 },
    });
    await app.drain();
    const counted = await ownerSql(`select 1 from usage_events where organization_id = $1`, [
      person.organizationId,
    ]);
    expect(counted).toEqual([]);
  });

  it('that counts more than can be stored has its answer end as malformed', async () => {
    await set();
    const [most, more] = [2 ** 31 - 1, 2 ** 31];
    const counts = [
      { input_tokens: more, output_tokens: 1 },
      { input_tokens: 1, output_tokens: more },
      { input_tokens: most, output_tokens: 1, cache_read_input_tokens: more },
    ];
    for (const usage of counts) {
      lab.next.push({ answer: { pieces: ['Hello.'], usage } });
      expect(await ask()).toMatchObject({ status: 502, body: { code: 'ai.provider_failed' } });
    }
    lab.next.push({ answer: { pieces: ['Hello.'], usage: { input_tokens: most, output_tokens: most } } });
    expect(await ask()).toMatchObject({ status: 200, body: { usage: { inputTokens: most } } });
    const rows = await ownerSql(
      `select status, failure from ai_generations where organization_id = $1 order by failure`,
      [person.organizationId],
    );
    const malformed = { status: 'failed', failure: 'malformed' };
    expect(rows).toEqual([malformed, malformed, malformed, { status: 'completed', failure: null }]);
  });

  it('has the models that are listed, with what they can do, for its organization alone', async () => {
    await set();
    const missing = { status: 404, body: { code: 'ai.model_not_found' } };
    expect(await ask({ model: 'lab/other' })).toMatchObject(missing);
    expect(await ask({}, await app.person())).toMatchObject(missing);
    expect(await ask({ outputSchema: { type: 'object' } })).toMatchObject({
      status: 422,
      body: { code: 'ai.model_not_able' },
    });
    await set('lab', { models: [{ ...MODEL, id: 'other' }] });
    expect(await ask()).toMatchObject(missing);
    expect(await ask({ model: 'lab/other' })).toMatchObject({ status: 200 });
  });

  it('is asked no more once it is deleted', async () => {
    await set();
    const remove = () => app.send('DELETE', `${PATH}/lab`, { token: person.token });
    expect(await remove()).toMatchObject({ status: 204 });
    expect(await ask()).toMatchObject({ status: 404 });
    expect(await remove()).toMatchObject({
      status: 404,
      body: { code: 'ai_provider_keys.custom_not_found' },
    });
  });

  it('is at a public address', async () => {
    expect(await set('lab', { baseUrl: 'http://169.254.169.254/v1' })).toMatchObject({
      status: 422,
      body: { code: 'outgoing.address_refused' },
    });
    expect(await set('lab', { baseUrl: `${lab.url}/v1?x=` })).toMatchObject({ status: 400 });
    expect(await list()).toEqual([]);
  });

  it('gets the key that was given for its address at no other', async () => {
    await set();
    await ownerSql(`update ai_provider_keys set base_url = $2 where organization_id = $1`, [
      person.organizationId,
      `${elsewhere.url}/v1`,
    ]);
    expect(await ask()).toMatchObject({ status: 502, body: { code: 'ai.interrupted' } });
    expect(elsewhere.requests).toEqual([]);
  });

  it('has its key encrypted with the newest key of the product within an hour, and is asked with it', async () => {
    await set();
    const { ENCRYPTION_KEYS: oldKeys, SIGNING_KEYS: signingKeys, HASH_PEPPER } = app.services.config;
    const textOf = (keys: typeof oldKeys) => keys.map((each) => `${each.id}:${each.material}`).join(',');
    const newKey = randomSecrets().ENCRYPTION_KEYS.replace(/^e1:/, 'e2:');
    const others = { OUTGOING_ALLOWED: lab.url, SIGNING_KEYS: textOf(signingKeys), HASH_PEPPER };
    await resealKeys(
      createTestApp({}, { ENCRYPTION_KEYS: `${newKey},${textOf(oldKeys)}`, ...others }).services,
    );
    const renewed = createTestApp({}, { ENCRYPTION_KEYS: newKey, ...others });
    const answer = await renewed.send('POST', '/api/v1/ai/generations', {
      token: person.token,
      body: question({ model: 'lab/org/llama' }),
    });
    expect(answer).toMatchObject({ status: 200 });
    expect(lab.requests.at(-1)).toMatchObject({ path: '/v1/chat/completions', key: STAND_IN_KEY });
  });

  it('is one of at most ten, for owners and administrators', async () => {
    for (let at = 0; at < 10; at++) expect(await set(`lab-${at}`)).toMatchObject({ status: 200 });
    expect(await set('lab-0')).toMatchObject({ status: 200 });
    expect(await set('lab-10')).toMatchObject({
      status: 409,
      body: { code: 'ai_provider_keys.too_many_custom' },
    });
    const member = await app.person({ organizationId: person.organizationId, role: 'member' });
    expect(await set('lab-0', {}, member)).toMatchObject({ status: 403 });
  });
});
