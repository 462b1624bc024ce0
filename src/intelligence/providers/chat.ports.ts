import type { AiProviderName, StopReason } from './providers.enums.ts';
import type { TokenUsage } from './usage.ports.ts';

/** For how long the provider may keep the input up to here, so that reading it again is cheaper. */
export type CacheTime = '5m' | '1h';

export type ChatPart =
  | { type: 'text'; text: string; cache?: CacheTime | undefined }
  /** `data` in base64. */
  | { type: 'image'; mediaType: string; data: string; cache?: CacheTime | undefined }
  /** Reasoning of an earlier answer, passed back as it was. */
  | { type: 'thinking'; text: string; signature: string }
  | { type: 'tool_call'; id: string; name: string; input: unknown }
  | { type: 'tool_result'; toolCallId: string; text: string; isError?: boolean | undefined };

export interface ChatMessage {
  role: 'user' | 'assistant';
  content: readonly ChatPart[];
}

export interface ChatTool {
  name: string;
  description: string;
  /** JSON schema of an object. */
  inputSchema: Record<string, unknown>;
}

export interface ChatRequest {
  /** The provider's own name of the model. */
  model: string;
  system?: { text: string; cache?: CacheTime | undefined } | undefined;
  messages: readonly ChatMessage[];
  maxOutputTokens: number;
  tools?: readonly ChatTool[] | undefined;
  /** Default: the model decides. */
  toolChoice?: 'auto' | 'required' | 'none' | { name: string } | undefined;
  /** JSON schema that the text of the answer must satisfy. */
  outputSchema?: Record<string, unknown> | undefined;
  /** How much the model reasons before it answers; its reasoning is part of `maxOutputTokens`. Default: as the model does by itself. */
  reasoning?: 'none' | 'low' | 'medium' | 'high' | undefined;
  temperature?: number | undefined;
  stopSequences?: readonly string[] | undefined;
}

/** What a model says as it answers. `usage` has the latest figures that the provider gave, each of them in full. */
export type ChatEvent =
  | { type: 'started'; requestId: string | null; usage: TokenUsage | null }
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string }
  /** Proves the reasoning before it, when it is passed back. */
  | { type: 'thinking_signature'; signature: string }
  | { type: 'tool_call'; id: string; name: string }
  /** The next characters of the input of the tool call before it. */
  | { type: 'tool_input'; json: string }
  /** The last event. Without usage the provider did not say what it counted. */
  | { type: 'ended'; reason: StopReason; usage: TokenUsage | null };

/** The address of a provider that an organization names itself. */
export interface ChatEndpoint {
  /** Of its API, with the version: `https://api.groq.com/openai/v1`. */
  baseUrl: string;
  /** Whether it takes the question for figures in a stream, and gives them only then. */
  takesUsageOption: boolean;
}

/** A key with which a provider is asked. */
export interface ProviderKey {
  secret: string;
  /** Where it is asked with it; undefined for a provider whose address is ours. */
  endpoint?: ChatEndpoint | undefined;
}

/** What a model can do beyond text, as far as a request to it depends on that. */
export interface ModelTraits {
  /** It decides by itself how much it reasons, within an effort. */
  adaptiveReasoning: boolean;
  /** Input is kept at its provider only where a request says so. */
  explicitCaching: boolean;
}

export interface ChatProvider {
  /**
   * Asks a model, and hands on its answer as it comes. The last event is `ended`; an answer that does not get there throws.
   * Nothing is repeated here.
   * @throws ProviderFailure
   */
  chat(
    request: ChatRequest,
    traits: ModelTraits,
    key: ProviderKey,
    signal: AbortSignal,
  ): AsyncIterable<ChatEvent>;
  /**
   * How many tokens of input the request has, as the provider counts them; no model is asked. Undefined where it does not count.
   * @throws ProviderFailure
   */
  countTokens?(
    request: ChatRequest,
    traits: ModelTraits,
    key: ProviderKey,
    signal: AbortSignal,
  ): Promise<number>;
  /** Asks for the smallest thing that needs a valid key. @throws ProviderFailure `key_refused` when it is not */
  testKey(key: ProviderKey): Promise<void>;
}

/** The providers of chat by name. One without a key of the platform can be asked with a key of the caller. */
export interface ChatProviders {
  of(name: AiProviderName): ChatProvider;
  /** The key of the platform; undefined where none is configured. */
  keyOf(name: AiProviderName): ProviderKey | undefined;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    chat: ChatProviders;
  }
}
