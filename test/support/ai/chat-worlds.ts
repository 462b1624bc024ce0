import { createAnthropic } from '../../../src/intelligence/providers/anthropic/index.ts';
import { createWorkersAi } from '../../../src/intelligence/providers/cloudflare/index.ts';
import { createGoogle } from '../../../src/intelligence/providers/google/index.ts';
import type {
  ChatEvent,
  ChatProvider,
  ChatRequest,
  ModelTraits,
  ResponseLimits,
} from '../../../src/intelligence/providers/index.ts';
import { createCompatible, createOpenAi } from '../../../src/intelligence/providers/openai/index.ts';
import { completionsDialect } from './completions-answer.ts';
import { createAiBinding, workersAiDialect } from './workers-ai.ts';
import type { Dialect } from './dialect.ts';
import type { Fault } from './faults.ts';
import { geminiDialect } from './gemini-answer.ts';
import { messagesDialect } from './messages-answer.ts';
import { STAND_IN_KEY } from './stand-in.ts';

type Refusal = Omit<Extract<Fault, { kind: 'status' }>, 'kind'>;

/** An adapter of the port for chat, with the stand-in that it speaks to. */
export interface ChatWorld {
  dialect: Dialect;
  create(options: { apiUrl: string; limits?: ResponseLimits }): ChatProvider;
  /** In the words of the provider. */
  words: {
    toolCalls: string;
    refusal: string;
    overloaded: string;
    /** How it says that it takes no more (where it says so), is not able, and has no credit. */
    busy?: Refusal;
    overload: Refusal;
    failure: Refusal;
    wrong: Refusal;
    noCredit: Refusal;
  };
  /** Whether it is asked with a key. */
  hasKey: boolean;
  /** Whether it counts the tokens of a request. */
  countsTokens: boolean;
  /** What it says of itself and of what it keeps. */
  proof: string | undefined;
  keepsForHours: boolean;
  countsWrites: boolean;
}

/** A provider that an organization has named, over a guard that lets everything pass. */
function createCustom({ apiUrl, limits }: { apiUrl: string; limits?: ResponseLimits }): ChatProvider {
  const provider = createCompatible({
    provider: 'custom:lab',
    outgoing: { open: (address, init) => fetch(address, { ...init, redirect: 'manual' }) },
    ...(limits && { limits }),
  });
  const endpoint = { baseUrl: `${apiUrl}/v1`, takesUsageOption: false };
  return {
    chat: ({ model, ...request }, traits, key, signal) =>
      provider.chat({ ...request, model: `lab/${model}` }, traits, { ...key, endpoint }, signal),
    testKey: (key) => provider.testKey({ ...key, endpoint }),
  };
}

const OPENAI_WORLD: ChatWorld = {
  dialect: completionsDialect,
  create: createOpenAi,
  words: {
    toolCalls: 'tool_calls',
    refusal: 'content_filter',
    overloaded: 'server_overloaded',
    busy: { status: 429, type: 'rate_limit_exceeded' },
    overload: { status: 503, type: 'server_error' },
    failure: { status: 500, type: 'server_error' },
    wrong: { status: 400 },
    noCredit: { status: 429, type: 'insufficient_quota' },
  },
  hasKey: true,
  countsTokens: false,
  proof: 'unsigned:',
  keepsForHours: false,
  countsWrites: true,
};

export const CHAT_WORLDS: Readonly<Record<string, ChatWorld>> = {
  anthropic: {
    dialect: messagesDialect,
    create: createAnthropic,
    words: {
      toolCalls: 'tool_use',
      refusal: 'refusal',
      overloaded: 'overloaded_error',
      busy: { status: 429, type: 'rate_limit_error' },
      overload: { status: 529, type: 'overloaded_error' },
      failure: { status: 500, type: 'api_error' },
      wrong: { status: 400 },
      noCredit: { status: 400, message: 'Your credit balance is too low' },
    },
    hasKey: true,
    countsTokens: true,
    proof: 'c2lnbmVk',
    keepsForHours: true,
    countsWrites: true,
  },
  openai: OPENAI_WORLD,
  custom: { ...OPENAI_WORLD, create: createCustom },
  cloudflare: {
    ...OPENAI_WORLD,
    dialect: workersAiDialect,
    create: ({ apiUrl, limits }) =>
      createWorkersAi({ binding: createAiBinding(apiUrl), ...(limits && { limits }) }),
    words: {
      toolCalls: 'tool_calls',
      refusal: 'content_filter',
      overloaded: 'server_overloaded',
      overload: { status: 429, type: '3040' },
      failure: { status: 500, type: '3000' },
      wrong: { status: 400, type: '5004' },
      noCredit: { status: 429, type: '3036' },
    },
    hasKey: false,
  },
  google: {
    dialect: geminiDialect,
    create: createGoogle,
    words: {
      toolCalls: 'STOP',
      refusal: 'SAFETY',
      overloaded: 'UNAVAILABLE',
      busy: { status: 429, type: 'RESOURCE_EXHAUSTED' },
      overload: { status: 503, type: 'UNAVAILABLE' },
      failure: { status: 500, type: 'INTERNAL' },
      wrong: { status: 400 },
      noCredit: { status: 400, type: 'FAILED_PRECONDITION' },
    },
    hasKey: true,
    countsTokens: true,
    proof: 'google:c2lnbmVk',
    keepsForHours: false,
    countsWrites: false,
  },
};

export const PLAIN_TRAITS: ModelTraits = { adaptiveReasoning: true, explicitCaching: true };

export const plainRequest: ChatRequest = {
  model: 'model-1',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  maxOutputTokens: 100,
};

/** All events of an answer. */
export async function askAll(
  provider: ChatProvider,
  request: Partial<ChatRequest> = {},
  { traits = PLAIN_TRAITS, secret = STAND_IN_KEY, onEvent = (_event: ChatEvent): void => {} } = {},
): Promise<ChatEvent[]> {
  const events: ChatEvent[] = [];
  const { signal } = new AbortController();
  for await (const event of provider.chat({ ...plainRequest, ...request }, traits, { secret }, signal)) {
    onEvent(event);
    events.push(event);
  }
  return events;
}
