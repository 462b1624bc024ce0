import { expect } from 'vitest';
import { ownerSql } from '../contract/sql.ts';
import { MODEL } from './ai/stand-in-app.ts';
import type { Person, TestApp } from './app.ts';

export const AGENTS = '/api/v1/ai/agents';
export const CONVERSATIONS = '/api/v1/ai/conversations';

export const definition = (fields: object = {}) => ({
  instructions: 'You answer briefly.',
  model: MODEL,
  ...fields,
});

type Caller = Pick<Person, 'token'>;

/** Creates an agent; the answer must be 201. @returns its id */
export async function createAgent(
  app: TestApp,
  { token }: Caller,
  { fields = {}, version = {} }: { fields?: object; version?: object } = {},
): Promise<string> {
  const body = { name: 'Help', definition: definition(version), ...fields };
  const answer = await app.send('POST', AGENTS, { token, body });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id;
}

/** Begins a conversation; the answer must be 201. @returns its id */
export async function createConversation(app: TestApp, { token }: Caller, agentId: string): Promise<string> {
  const answer = await app.send('POST', `${AGENTS}/${agentId}/conversations`, { token, body: {} });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id;
}

/** Assigns an agent to a room; the answer must be 201. @returns the id of the assignment */
export async function assignAgent(app: TestApp, owner: Caller, roomId: string): Promise<string> {
  const answer = await app.send('POST', `/api/v1/rooms/${roomId}/agent-assignments`, {
    token: owner.token,
    body: { agentId: await createAgent(app, owner) },
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id;
}

/** A question in a conversation, and its answer, which awaits a decision about its step 1. @returns the id of the answer */
export async function insertAwaitingAnswer(conversationId: string): Promise<string> {
  const input = { name: 'Room' };
  const step = {
    number: 1,
    callId: 'call_1',
    tool: 'create_room',
    name: 'create_room',
    connectionId: null,
    input,
  };
  const output = [{ type: 'tool_call', id: 'call_1', name: 'create_room', input }];
  const rounds = JSON.stringify([{ output, steps: [{ ...step, state: 'awaiting', result: null }] }]);
  const ids = ['000001', '000002'].map((end) => `agm_${conversationId.slice(4, 24)}${end}`);
  await ownerSql(
    `insert into agent_messages (id, organization_id, conversation_id, owner, position, kind, state, text, sources, rounds, created_at, version)
     select each.id, c.organization_id, c.id, c.owner, each.position, each.kind, each.state, 'A room, please.', '[]', each.rounds::jsonb, c.created_at, 1
     from agent_conversations c, (values ($2, 1, 'question', 'complete', '[]'), ($3, 2, 'answer', 'awaiting', $4)) each(id, position, kind, state, rounds)
     where c.id = $1`,
    [conversationId, ...ids, rounds],
  );
  await ownerSql('update agent_conversations set message_count = 2 where id = $1', [conversationId]);
  return ids[1]!;
}
