import { expect, it } from 'vitest';
import { type Answering, makeCalls } from '../../../src/intelligence/agent-conversations/answer-rounds.ts';
import type { Message } from '../../../src/intelligence/agent-conversations/agent-conversations.tables.ts';
import { stepsOf } from '../../../src/intelligence/agent-tools/index.ts';

const setting = { name: 'look', connectionId: null, confirm: false };
const tool = { setting, forModel: { name: 'look' }, needsConfirmation: () => false };

it('a tool that has not answered when the time for tools is over is no longer awaited', async () => {
  const [step] = stepsOf(
    { sources: [], rounds: [] },
    [{ type: 'tool_call', id: 'call_1', name: 'look', input: {} }],
    [tool],
    [],
  );
  const answering = {
    ctx: { clock: { now: () => 0 }, log: { error: () => undefined } },
    tools: [{ ...tool, call: () => new Promise(() => undefined) }],
    untilMs: 20,
  } as unknown as Answering;
  const message = { id: 'agm_1', rounds: [{ output: [], steps: [step!] }] } as unknown as Message;
  const { rounds } = await makeCalls(answering, message);
  expect(rounds[0]!.steps).toMatchObject([
    { state: 'failed', result: expect.stringContaining('is not known') },
  ]);
});

it('calls whose arguments are too long together are refused, and not kept', () => {
  const calls = Array.from({ length: 5 }, (_, at) => ({
    type: 'tool_call' as const,
    id: `call_${at}`,
    name: 'look',
    input: { text: 'x'.repeat(10_000) },
  }));
  const steps = stepsOf({ sources: [], rounds: [] }, calls, [tool], []);
  expect(steps.map(({ state }) => state)).toEqual(['running', 'running', 'running', 'failed', 'failed']);
  const later = stepsOf({ sources: [], rounds: [{ output: [], steps }] }, calls.slice(0, 1), [tool], []);
  expect([...steps.slice(3), ...later]).toMatchObject(
    Array.from({ length: 3 }, () => ({ state: 'failed', input: {} })),
  );
});
