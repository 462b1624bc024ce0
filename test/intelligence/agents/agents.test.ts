import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSpeechService } from '../../../src/intelligence/providers/speech-service/index.ts';
import { SpeechStandIn } from '../../support/ai/speech-stand-in.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { AGENTS, createAgent, definition } from '../../support/agents.ts';

let app: TestApp;
let speech: SpeechStandIn;
let owner: Person;
let author: Person;
let colleague: Person;

beforeAll(async () => {
  speech = new SpeechStandIn();
  await speech.start();
  app = createTestApp({ speech: createSpeechService({ url: speech.url, secret: speech.secret }) });
  owner = await app.person();
  const { organizationId } = owner;
  author = await app.person({ organizationId, role: 'member' });
  colleague = await app.person({ organizationId, role: 'member' });
});
afterAll(() => speech.stop());

const versionsOf = async (agentId: string) =>
  (await app.send('GET', `${AGENTS}/${agentId}/versions`, { token: author.token })).body.data;

describe('an agent', () => {
  it('begins with a version, which a new one replaces and an old one can again', async () => {
    const agentId = await createAgent(app, author);
    const path = `${AGENTS}/${agentId}`;
    const body = { definition: definition({ instructions: 'You answer at length.' }) };
    expect(await app.send('POST', `${path}/versions`, { token: author.token, body })).toMatchObject({
      status: 201,
      body: { version: 2, active: true },
    });
    const back = await app.send('POST', `${path}/publish`, { token: author.token, body: { version: 1 } });
    expect(back).toMatchObject({ status: 200, body: { activeVersion: 1, newestVersion: 2 } });
    expect(await versionsOf(agentId)).toMatchObject([
      { version: 2, active: false, definition: { instructions: 'You answer at length.' } },
      { version: 1, active: true, definition: { instructions: 'You answer briefly.' } },
    ]);
  });

  it('keeps its active version while a new one is not published', async () => {
    const agentId = await createAgent(app, author);
    const body = { definition: definition(), publish: false };
    await app.send('POST', `${AGENTS}/${agentId}/versions`, { token: author.token, body });
    const { body: agent } = await app.send('GET', `${AGENTS}/${agentId}`, { token: author.token });
    expect(agent).toMatchObject({ activeVersion: 1, newestVersion: 2 });
    const none = { token: author.token, body: { version: 3 } };
    expect(await app.send('POST', `${AGENTS}/${agentId}/publish`, none)).toMatchObject({
      status: 404,
      body: { code: 'agents.version_not_found' },
    });
  });

  it('pages through its versions', async () => {
    const agentId = await createAgent(app, author);
    for (let count = 0; count < 2; count++)
      await app.send('POST', `${AGENTS}/${agentId}/versions`, {
        token: author.token,
        body: { definition: definition() },
      });
    const path = `${AGENTS}/${agentId}/versions?limit=2`;
    const { body: first } = await app.send('GET', path, { token: author.token });
    const { body: rest } = await app.send('GET', `${path}&cursor=${first.nextCursor}`, {
      token: author.token,
    });
    expect([...first.data, ...rest.data].map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  it('takes models of the catalogue, as far as they give so much output', async () => {
    const body = {
      name: 'Help',
      definition: definition({ fallbackModels: ['no-such-model'], maxOutputTokens: 16_384 }),
    };
    expect(await app.send('POST', AGENTS, { token: author.token, body })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/definition/fallbackModels/0' }] },
    });
  });

  it('has a voice of the list of voices, which is asked for when a version is written', async () => {
    const agentId = await createAgent(app, author, { version: { voice: 'joe', temperature: 0 } });
    const write = (voice: string | null) =>
      app.send('POST', `${AGENTS}/${agentId}/versions`, {
        token: author.token,
        body: { definition: definition({ voice }) },
      });
    expect(await write('eve')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/definition/voice', message: 'must be in the list of voices' }] },
    });
    speech.engineAnswer = { status: 503, body: { error: { code: 'not_available' } } };
    expect(await write('joe')).toMatchObject({ status: 503, body: { code: 'speech.degraded' } });
    expect(await write(null)).toMatchObject({ status: 201 });
    speech.engineAnswer = undefined;
    expect(await versionsOf(agentId)).toMatchObject([
      { version: 2, definition: { voice: null, temperature: null } },
      { version: 1, definition: { voice: 'joe', temperature: 0 } },
    ]);
  });

  it('is changed by its author and by those who manage agents, and by no colleague', async () => {
    const agentId = await createAgent(app, author);
    const change = (token: string) =>
      app.send('PATCH', `${AGENTS}/${agentId}`, { token, body: { description: 'Changed' } });
    expect(await change(colleague.token)).toMatchObject({ status: 403 });
    expect(await change(author.token)).toMatchObject({ status: 200 });
    expect(await change(owner.token)).toMatchObject({ status: 200 });
  });

  it('for managers is found by its author and by those who manage agents alone', async () => {
    const agentId = await createAgent(app, author, { fields: { audience: 'managers' } });
    const read = async ({ token }: Person) =>
      (await app.send('GET', `${AGENTS}/${agentId}`, { token })).status;
    expect([await read(author), await read(owner), await read(colleague)]).toEqual([200, 200, 404]);
    const list = async ({ token }: Person) =>
      (await app.send('GET', AGENTS, { token })).body.data.some(({ id }: { id: string }) => id === agentId);
    expect([await list(author), await list(owner), await list(colleague)]).toEqual([true, true, false]);
  });

  it('cannot be created when the plan loses agents', async () => {
    const { token, organizationId } = await app.person();
    await app.send('POST', `/api/v1/operator/organizations/${organizationId}/entitlement-grants`, {
      token: app.operator,
      body: { kind: 'feature', name: 'agents', value: 0, reason: 'Abuse' },
    });
    const body = { name: 'Help', definition: definition() };
    expect(await app.send('POST', AGENTS, { token, body })).toMatchObject({
      status: 402,
      body: { code: 'billing.feature_not_included' },
    });
  });
});
