import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { createMcpSessions } from '../../../durable-objects/mcp-session-stubs.ts';

const sessions = createMcpSessions(env.MCP_SESSION_BOOK);
const ref = { holder: 'org_a|key_a', sessionHash: 'hash' };
const client = {
  protocolVersion: '2025-11-25',
  capabilities: { elicitation: {} },
  clientInfo: { name: 'test', version: '1' },
};

it('a session outlives an eviction of its object, and belongs to its credential alone', async () => {
  await sessions.begin(ref, client);
  await evictDurableObject(env.MCP_SESSION_BOOK.getByName(ref.holder));
  expect(await sessions.use(ref)).toEqual(client);
  expect(await sessions.use({ ...ref, holder: 'org_a|key_b' })).toBeNull();
});

it('an answer reaches the request that waits for it elsewhere', async () => {
  await sessions.begin(ref, client);
  const question = { ...ref, questionId: 'q' };
  expect(await sessions.ask(question)).toBe(true);
  const waiting = sessions.answerOf(question);
  expect(await sessions.answer(question, { jsonrpc: '2.0', result: { action: 'accept' } })).toBe(true);
  expect(await waiting).toEqual({ jsonrpc: '2.0', result: { action: 'accept' } });
});

it('a question ends with its object, and its answer is refused', async () => {
  await sessions.begin(ref, client);
  const question = { ...ref, questionId: 'lost' };
  await sessions.ask(question);
  await evictDurableObject(env.MCP_SESSION_BOOK.getByName(ref.holder));
  expect(await sessions.answerOf(question)).toBeNull();
  expect(await sessions.answer(question, {})).toBe(false);
});

it('the alarm deletes everything once no session is left', async () => {
  await sessions.begin(ref, client);
  const stub = env.MCP_SESSION_BOOK.getByName(ref.holder);
  await sessions.end(ref);
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  const left = await runInDurableObject(stub, (_object, { storage }) => [...storage.kv.list()].length);
  expect(left).toBe(0);
});
