import { expect } from 'vitest';
import type { Person, TestApp, TestResponse } from './app.ts';

export const MEMORIES = '/api/v1/ai/memories';

type Caller = Pick<Person, 'token'>;

/** Stores texts; the answer must be 201. @returns the memories, as the API shows them */
export async function storeTexts(
  app: TestApp,
  { token }: Caller,
  texts: readonly string[],
  where: Record<string, unknown> = { scope: 'organization' },
): Promise<{ id: string; content: string }[]> {
  const body = { ...where, memories: texts.map((content) => ({ content })) };
  const answer = await app.send('POST', MEMORIES, { token, body });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.data;
}

export const recall = (
  app: TestApp,
  { token }: Caller,
  body: Record<string, unknown>,
): Promise<TestResponse> => app.send('POST', `${MEMORIES}/recall`, { token, body });

/** The texts that a query recalls, the best first. */
export async function recallTexts(
  app: TestApp,
  caller: Caller,
  query: string,
  options: Record<string, unknown> = {},
): Promise<string[]> {
  const answer = await recall(app, caller, { query, ...options });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body.data.map(({ memory }: { memory: { content: string } }) => memory.content);
}

/** The texts that show to somebody, the newest first. */
export async function listTexts(app: TestApp, { token }: Caller, query = ''): Promise<string[]> {
  const answer = await app.send('GET', `${MEMORIES}?limit=100${query}`, { token });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body.data.map(({ content }: { content: string }) => content);
}

/** Switches the memory of a person on or off. */
export async function switchMemory(
  app: TestApp,
  { token }: Caller,
  enabled: boolean,
  deleteMemories = false,
): Promise<void> {
  const body = { enabled, deleteMemories };
  expect(await app.send('PUT', '/api/v1/ai/memory/settings', { token, body })).toMatchObject({ status: 200 });
}
