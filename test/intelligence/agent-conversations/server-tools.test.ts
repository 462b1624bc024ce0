import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AGENTS, CONVERSATIONS, createAgent, createConversation, definition } from '../../support/agents.ts';
import { createAppWithStandIn } from '../../support/ai/stand-in-app.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import type { Person, TestApp, TestResponse } from '../../support/app.ts';
import { TOOL_SERVER } from '../../support/mcp-server.ts';
import { storeTexts } from '../../support/memories.ts';

let app: TestApp;
let standIn: AiStandIn;
let author: Person;
let person: Person;
let connectionId: string;
let agentId: string;

const usage = { input_tokens: 12, output_tokens: 9 };

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  author = await app.person({ plan: 'pro' });
  person = await app.person({ organizationId: author.organizationId, role: 'member', plan: 'pro' });
  connectionId = await connect();
});

async function connect(headers: object = {}): Promise<string> {
  const { status, body } = await app.send('POST', '/api/v1/mcp/connections', {
    token: author.token,
    body: { name: 'Tools', url: TOOL_SERVER, headers },
  });
  expect(status).toBe(201);
  return body.id;
}
/** Lists what agents call without asking. */
const trust = (...unconfirmedTools: string[]) =>
  app.send('PATCH', `/api/v1/mcp/connections/${connectionId}`, {
    token: author.token,
    body: { unconfirmedTools },
  });
const echoAt = (connection = connectionId) => ({ name: 'echo', connectionId: connection });

interface Answered {
  states: string[];
  decide(confirmed: number[]): Promise<TestResponse>;
}
type Say = (text: string) => Promise<Answered>;

/** A conversation with an agent that the author has made, with these tools. */
async function talk(asker: Person, version: object): Promise<Say> {
  agentId = await createAgent(app, author, { version });
  const conversationId = await createConversation(app, asker, agentId);
  return async (text) => {
    const path = `${CONVERSATIONS}/${conversationId}/messages`;
    const { status, body } = await app.send('POST', path, { token: asker.token, body: { text } });
    expect(status).toBe(200);
    return {
      states: body.answer.steps.map(({ state }: { state: string }) => state),
      decide: (confirmed: number[]) =>
        app.send('POST', `${path}/${body.answer.id}/decision`, { token: asker.token, body: { confirmed } }),
    };
  };
}
const askForTool = (name: string, input: object = {}) =>
  standIn.next.push({
    answer: {
      pieces: ['Let me see.'],
      toolCall: { id: `call_${standIn.next.length}`, name, json: [JSON.stringify(input)] },
      stopReason: 'tool_use',
      usage,
    },
  });
const askToSend = (place = 0) => askForTool(`mcp${place}_echo`, { text: 'x' });
const answerNext = () => standIn.next.push({ answer: { pieces: ['Done.'], usage } });
const callsReceived = () =>
  app.toolServer.received.filter(({ headers }) => headers.get('mcp-method') === 'tools/call');

describe('a call to a server of others that only reads', () => {
  it('waits for the person who asks, when another has written the version', async () => {
    const say = await talk(person, { tools: [echoAt()] });
    const before = callsReceived().length;
    askToSend();
    expect((await say('Hello?')).states).toEqual(['awaiting']);
    expect(callsReceived()).toHaveLength(before);
  });

  it('is made without asking for the author of the version, unless the version asks for it', async () => {
    const say = await talk(author, { tools: [echoAt()] });
    askToSend();
    answerNext();
    expect((await say('Hello?')).states).toEqual(['done']);
    const careful = await talk(author, { tools: [{ ...echoAt(), confirm: true }] });
    askToSend();
    expect((await careful('Hello?')).states).toEqual(['awaiting']);
  });

  it('is made without asking where the connection lists the tool, and a tool that may change something is not', async () => {
    expect(await trust('echo', 'fail')).toMatchObject({ body: { unconfirmedTools: ['echo', 'fail'] } });
    const say = await talk(person, { tools: [echoAt(), { name: 'fail', connectionId }] });
    askToSend();
    askForTool('mcp1_fail');
    expect((await say('Hello?')).states).toEqual(['done', 'awaiting']);
  });

  it('waits once the conversation has the result of a tool of the product, also when its author asks', async () => {
    const say = await talk(author, { tools: [echoAt(), { name: 'list_members' }] });
    askForTool('list_members');
    askToSend();
    expect((await say('Hello?')).states).toEqual(['done', 'awaiting']);
    askToSend();
    expect((await say('And now?')).states).toEqual(['awaiting']);
  });

  it('waits once the conversation has memories', async () => {
    await storeTexts(app, author, ['The weekly review is on Monday.']);
    const say = await talk(author, { tools: [echoAt()], memoryScopes: ['organization'] });
    askToSend();
    expect((await say('When is the weekly review?')).states).toEqual(['awaiting']);
  });

  it('waits once the conversation has the result of another server', async () => {
    await trust('echo');
    const say = await talk(author, { tools: [echoAt(), echoAt(await connect())] });
    askToSend(0);
    askToSend(1);
    expect((await say('Hello?')).states).toEqual(['done', 'awaiting']);
  });
});

describe('a call that was confirmed', () => {
  it('for one server is made at no other, though another version has that in its place', async () => {
    const say = await talk(person, { tools: [echoAt()] });
    askToSend();
    const { states, decide } = await say('Hello?');
    expect(states).toEqual(['awaiting']);
    const other = await connect({ Authorization: 'Bearer other' });
    const published = await app.send('POST', `${AGENTS}/${agentId}/versions`, {
      token: author.token,
      body: { definition: definition({ tools: [echoAt(other)] }) },
    });
    expect(published.status).toBe(201);
    const before = callsReceived().length;
    answerNext();
    expect(await decide([1])).toMatchObject({
      status: 200,
      body: {
        answer: { steps: [{ connectionId, state: 'failed', result: 'The tool is not offered any more.' }] },
      },
    });
    expect(callsReceived()).toHaveLength(before);
  });
});
