import { expect } from 'vitest';
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
