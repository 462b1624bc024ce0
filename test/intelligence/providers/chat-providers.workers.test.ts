import { expect, it } from 'vitest';
import { createWorkersAi } from '../../../src/intelligence/providers/cloudflare/index.ts';
import type { ChatEvent } from '../../../src/intelligence/providers/index.ts';
import { completionsDialect } from '../../support/ai/completions-answer.ts';

const { start, blocks, end } = completionsDialect.answer(
  'model',
  'id-1',
  { pieces: ['Grüße', ' aus', ' 東京'], usage: { input_tokens: 12, output_tokens: 9 } },
  undefined,
);

/** What a model of the platform says: its bytes in pieces that end anywhere, then as the test wants. */
function streamOf(text: string, whenSaid: (controller: ReadableStreamDefaultController) => void) {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return whenSaid(controller);
      controller.enqueue(bytes.slice(at, (at += 7)));
    },
    cancel: () => void (isCancelled = true),
  });
  return { stream, isCancelled: () => isCancelled };
}

const ask = (stream: ReadableStream, signal: AbortSignal) =>
  createWorkersAi({ binding: { run: async () => stream } }).chat(
    {
      model: 'model',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      maxOutputTokens: 100,
    },
    { adaptiveReasoning: false, explicitCaching: false },
    { secret: '' },
    signal,
  );

it('an answer is read in the runtime of the platform, wherever its bytes are cut', async () => {
  const { stream } = streamOf(start + blocks.join('') + end, (controller) => controller.close());
  const events: ChatEvent[] = [];
  for await (const event of ask(stream, new AbortController().signal)) events.push(event);
  expect(events.map((event) => (event.type === 'text' ? event.text : ''))).toEqual([
    '',
    'Grüße',
    ' aus',
    ' 東京',
    '',
  ]);
  expect(events.at(-1)).toMatchObject({ type: 'ended', usage: { inputTokens: 12, outputTokens: 9 } });
});

it('an answer that is not read to its end is ended at the platform', async () => {
  const { stream, isCancelled } = streamOf(start + blocks.join(''), () => undefined);
  for await (const event of ask(stream, new AbortController().signal)) if (event.type === 'text') break;
  expect(isCancelled()).toBe(true);
});
