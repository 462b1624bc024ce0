import { beforeAll, beforeEach, expect, it } from 'vitest';
import { sweepThoughts } from '../../../src/intelligence/thoughts/add-thought.ts';
import { placeThought } from '../../../src/intelligence/thoughts/thoughts.rules.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { callMcpTool, connectMcp } from '../../support/mcp.ts';
import { withFreshToken } from '../../support/tokens.ts';

let app: TestApp;
let owner: Person;

beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
});
// One of them moves the clock.
beforeEach(async () => {
  owner = await withFreshToken(app, owner);
});

const STEP = { thought: 'A step.', nextThoughtNeeded: true, thoughtNumber: 1, totalThoughts: 2 };
const path = '/api/v1/ai/thoughts';

const add = (body: object, person: Person = owner) =>
  app.send('POST', path, { token: person.token, body: { ...STEP, ...body } });
const list = (chainId: string, person: Person = owner, query = '') =>
  app.send('GET', `${path}/${chainId}${query}`, { token: person.token });

it('a chain grows by the tool of the server for thinking, with branches and revisions', async () => {
  const client = await connectMcp(app, owner.token, { path: '/mcp/thinking' });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['sequentialthinking', 'list_thoughts']);
  const think = (args: object) => callMcpTool(client, 'sequentialthinking', { ...STEP, ...args });
  const { body: first } = await think({});
  const { chainId } = first as unknown as { chainId: string };
  await think({ chainId, thoughtNumber: 2, branchFromThought: 1, branchId: 'other' });
  const last = { thoughtNumber: 3, isRevision: true, revisesThought: 1, nextThoughtNeeded: false };
  const { body } = await think({ chainId, ...last });
  expect(body).toEqual({
    chainId,
    thoughtNumber: 3,
    totalThoughts: 3,
    nextThoughtNeeded: false,
    branches: ['other'],
    thoughtHistoryLength: 3,
  });
  expect((await callMcpTool(client, 'list_thoughts', { chainId })).body).toMatchObject({
    data: [{ thoughtNumber: 1 }, { branchId: 'other', branchFromThought: 1 }, { revisesThought: 1 }],
    nextCursor: null,
  });
  await client.close();
});

it('of thoughts that are added at once none is lost, and pages have them in one order', async () => {
  const { body } = await add({});
  const { chainId } = body;
  const answers = await Promise.all(
    [2, 3].map((thoughtNumber) => add({ chainId, thoughtNumber, totalThoughts: 3 })),
  );
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  const first = await list(chainId, owner, '?limit=2');
  const second = await list(chainId, owner, `?limit=2&cursor=${first.body.nextCursor}`);
  const numbers = [...first.body.data, ...second.body.data].map(
    ({ thoughtNumber }: { thoughtNumber: number }) => thoughtNumber,
  );
  expect(numbers[0]).toBe(1);
  expect(new Set(numbers)).toEqual(new Set([1, 2, 3]));
});

it('a thought that the chain does not have is not revised', async () => {
  const { body } = await add({});
  const refused = await add({ chainId: body.chainId, thoughtNumber: 2, revisesThought: 7 });
  expect(refused.body).toMatchObject({
    code: 'thoughts.not_in_chain',
    errors: [{ pointer: '/revisesThought' }],
  });
});

it('a chain takes 500 thoughts, also when the first ones are forgotten', () => {
  const at = (ordinal: number) => [{ ordinal, thoughtNumber: 1, branchId: null }];
  expect(placeThought(at(499), STEP)).toBe(500);
  expect(() => placeThought(at(500), STEP)).toThrow(expect.objectContaining({ code: 'thoughts.chain_full' }));
});

it('a chain shows to the person who began it alone, for a day', async () => {
  const { body } = await add({});
  const colleague = await app.person({ organizationId: owner.organizationId });
  expect((await add({ chainId: body.chainId }, colleague)).body.code).toBe('thoughts.chain_not_found');
  expect((await list(body.chainId, colleague)).body.code).toBe('thoughts.chain_not_found');
  expect((await list(body.chainId)).status).toBe(200);
  app.clock.advanceSeconds(86_500);
  const later = await withFreshToken(app, owner);
  expect((await list(body.chainId, later)).body.code).toBe('thoughts.chain_not_found');
  expect((await sweepThoughts(app.services)).deleted).toBeGreaterThan(0);
  expect((await sweepThoughts(app.services)).deleted).toBe(0);
});
