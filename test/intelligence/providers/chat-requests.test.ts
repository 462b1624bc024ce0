import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChatMessage, ChatRequest } from '../../../src/intelligence/providers/index.ts';
import { askAll, CHAT_WORLDS, PLAIN_TRAITS } from '../../support/ai/chat-worlds.ts';
import { AiStandIn } from '../../support/ai/stand-in.ts';

const worlds = Object.entries(CHAT_WORLDS).map(([name, world]) => {
  const standIn = new AiStandIn(world.dialect);
  return { name, world, standIn };
});
beforeAll(() => Promise.all(worlds.map(({ standIn }) => standIn.start())));
afterAll(() => Promise.all(worlds.map(({ standIn }) => standIn.stop())));
beforeEach(() => {
  for (const { standIn } of worlds) standIn.requests.length = 0;
});

/** What a provider is sent. */
async function sentTo(name: string, request: Partial<ChatRequest>, traits = PLAIN_TRAITS) {
  const { world, standIn } = worlds.find((each) => each.name === name)!;
  await askAll(world.create({ apiUrl: standIn.url }), request, { traits });
  return standIn.requests.at(-1)!;
}

const TOOL = { name: 'weather', description: 'Says the weather', inputSchema: { properties: {} } };
const SCHEMA = { type: 'object', properties: {}, additionalProperties: false };
const full: Partial<ChatRequest> = {
  system: { text: 'Be brief.', cache: '1h' },
  tools: [TOOL],
  toolChoice: 'required',
  outputSchema: SCHEMA,
  reasoning: 'low',
  stopSequences: ['END'],
  temperature: 0.5,
};

/** A turn with a tool; its reasoning is proven by a provider. */
const conversation = (signature: string): ChatMessage[] => [
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is it?', cache: '5m' },
      { type: 'image', mediaType: 'image/png', data: 'aW1n' },
    ],
  },
  {
    role: 'assistant',
    content: [
      { type: 'thinking', text: 'Rain?', signature },
      { type: 'tool_call', id: 'call_1', name: 'weather', input: { city: 'Oslo' } },
    ],
  },
  {
    role: 'user',
    content: [
      { type: 'tool_result', toolCallId: 'call_1', text: 'no such city', isError: true },
      { type: 'text', text: 'Well?' },
    ],
  },
];

describe('Anthropic is asked', () => {
  it('in the form of the Messages API', async () => {
    expect(await sentTo('anthropic', full)).toMatchObject({
      path: '/v1/messages',
      body: {
        max_tokens: 100,
        system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
        tools: [{ name: 'weather', input_schema: { type: 'object', properties: {} } }],
        tool_choice: { type: 'any' },
        thinking: { type: 'adaptive' },
        output_config: { effort: 'low', format: { type: 'json_schema', schema: SCHEMA } },
        stop_sequences: ['END'],
        temperature: 0.5,
        stream: true,
      },
    });
  });

  it('to reason within a number of tokens, where a model does not decide by itself', async () => {
    const older = { adaptiveReasoning: false, explicitCaching: true };
    const { body } = await sentTo('anthropic', { reasoning: 'medium', maxOutputTokens: 8_000 }, older);
    expect(body.thinking).toEqual({ type: 'enabled', budget_tokens: 4_000 });
  });

  it('with its own reasoning, and without that of others', async () => {
    const own = await sentTo('anthropic', { messages: conversation('c2lnbmVk') });
    expect(own.body.messages[1].content[0]).toEqual({
      type: 'thinking',
      thinking: 'Rain?',
      signature: 'c2lnbmVk',
    });
    for (const signature of ['google:c2lnbmVk', 'unsigned:']) {
      const { body } = await sentTo('anthropic', { messages: conversation(signature) });
      expect(body.messages[1].content).toEqual([
        { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Oslo' } },
      ]);
    }
  });
});

describe('OpenAI is asked', () => {
  it('in the form of Chat Completions', async () => {
    expect(await sentTo('openai', full)).toMatchObject({
      path: '/v1/chat/completions',
      body: {
        model: 'model-1',
        max_completion_tokens: 100,
        messages: [
          {
            role: 'system',
            content: [{ type: 'text', text: 'Be brief.', prompt_cache_breakpoint: { mode: 'explicit' } }],
          },
          { role: 'user', content: 'Hi' },
        ],
        prompt_cache_options: { mode: 'explicit' },
        tools: [
          {
            type: 'function',
            function: { name: 'weather', parameters: { type: 'object', properties: {} } },
          },
        ],
        tool_choice: 'required',
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', schema: SCHEMA, strict: true },
        },
        reasoning_effort: 'low',
        stop: ['END'],
        temperature: 0.5,
        stream: true,
        stream_options: { include_usage: true },
      },
    });
    const named = await sentTo('openai', { tools: [TOOL], toolChoice: { name: 'weather' } });
    expect(named.body.tool_choice).toEqual({ type: 'function', function: { name: 'weather' } });
  });

  it('with images, calls of tools and their results, and without reasoning', async () => {
    const { body } = await sentTo('openai', { messages: conversation('c2lnbmVk') });
    expect(body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?', prompt_cache_breakpoint: { mode: 'explicit' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,aW1n' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'The tool failed: no such city' },
      { role: 'user', content: 'Well?' },
    ]);
  });

  it('not to reason where it has tools, because its models do not do both; and of models that do not reason, nothing', async () => {
    expect((await sentTo('openai', { tools: [TOOL] })).body.reasoning_effort).toBe('none');
    expect((await sentTo('openai', {})).body.reasoning_effort).toBeUndefined();
    const plain = { adaptiveReasoning: false, explicitCaching: false };
    const { body } = await sentTo('openai', { ...full, reasoning: 'none' }, plain);
    expect(body.reasoning_effort).toBeUndefined();
    expect(JSON.stringify(body)).not.toContain('prompt_cache');
  });
});

describe('a custom provider is asked', () => {
  it('by its own name of the model, in the words that all follow, and for its figures only where it takes the question', async () => {
    const { path, body } = await sentTo('custom', { ...full, model: 'org/model-1' });
    expect(path).toBe('/v1/chat/completions');
    expect(body).toMatchObject({ model: 'org/model-1', max_tokens: 100, reasoning_effort: 'low' });
    expect(body).not.toHaveProperty('stream_options');
    expect(body).not.toHaveProperty('max_completion_tokens');
    expect((await sentTo('custom', { tools: [TOOL] })).body).not.toHaveProperty('reasoning_effort');
  });
});

describe('Google is asked', () => {
  it('in the form of generateContent', async () => {
    expect(await sentTo('google', full)).toMatchObject({
      path: '/v1beta/models/model-1:streamGenerateContent?alt=sse',
      body: {
        systemInstruction: { parts: [{ text: 'Be brief.' }] },
        contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
        tools: [
          {
            functionDeclarations: [
              { name: 'weather', parametersJsonSchema: { type: 'object', properties: {} } },
            ],
          },
        ],
        toolConfig: { functionCallingConfig: { mode: 'ANY' } },
        generationConfig: {
          maxOutputTokens: 100,
          temperature: 0.5,
          stopSequences: ['END'],
          responseMimeType: 'application/json',
          responseJsonSchema: SCHEMA,
          thinkingConfig: { includeThoughts: true, thinkingLevel: 'low' },
        },
      },
    });
    const named = await sentTo('google', { tools: [TOOL], toolChoice: { name: 'weather' } });
    expect(named.body.toolConfig.functionCallingConfig).toEqual({
      mode: 'ANY',
      allowedFunctionNames: ['weather'],
    });
    const older = { adaptiveReasoning: false, explicitCaching: false };
    const tokens = await sentTo('google', { reasoning: 'medium', maxOutputTokens: 8_000 }, older);
    expect(tokens.body.generationConfig.thinkingConfig).toEqual({
      includeThoughts: true,
      thinkingBudget: 4_000,
    });
  });

  it.each([
    ['google:c2lnbmVk', 'c2lnbmVk'],
    ['of-another', 'skip_thought_signature_validator'],
  ])('with the proof %s of a call as %s', async (signature, proof) => {
    const { body } = await sentTo('google', { messages: conversation(signature) });
    expect(body.contents).toEqual([
      {
        role: 'user',
        parts: [{ text: 'What is it?' }, { inlineData: { mimeType: 'image/png', data: 'aW1n' } }],
      },
      {
        role: 'model',
        parts: [
          {
            functionCall: { id: 'call_1', name: 'weather', args: { city: 'Oslo' } },
            thoughtSignature: proof,
          },
        ],
      },
      {
        role: 'user',
        parts: [
          {
            functionResponse: { id: 'call_1', name: 'weather', response: { error: 'no such city' } },
          },
          { text: 'Well?' },
        ],
      },
    ]);
  });

  it('no result of a tool that was not called', async () => {
    const { world, standIn } = worlds.find(({ name }) => name === 'google')!;
    const messages = conversation('google:c2lnbmVk').slice(2);
    await expect(askAll(world.create({ apiUrl: standIn.url }), { messages })).rejects.toMatchObject({
      kind: 'request_refused',
    });
    expect(standIn.requests).toEqual([]);
  });
});
