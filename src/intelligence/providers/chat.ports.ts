import type { BatchProvider } from './batches.ports.ts';
import type { AiProviderName, StopReason } from './providers.enums.ts';
import type { TokenUsage } from './usage.ports.ts';

/** How long the provider may cache the input up to here, so that reading it again is cheaper. */
export type CacheTime = '5m' | '1h';

export type ChatPart =
  | { type: 'text'; text: string; cache?: CacheTime | undefined }
  /** `data` in base64. */
  | { type: 'image'; mediaType: string; data: string; cache?: CacheTime | undefined }
  /** Reasoning of an earlier answer, passed back unchanged. */
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
  /** The name of the model at the provider. */
  model: string;
  system?: { text: string; cache?: CacheTime | undefined } | undefined;
  messages: readonly ChatMessage[];
  maxOutputTokens: number;
  tools?: readonly ChatTool[] | undefined;
  /** Default: the model decides. */
  toolChoice?: 'auto' | 'required' | 'none' | { name: string } | undefined;
  /** JSON schema that the text of the answer must satisfy. */
  outputSchema?: Record<string, unknown> | undefined;
  /**
   * How much the model reasons before it answers; its reasoning is part of `maxOutputTokens`. Default: as the model
   * decides.
   */
  reasoning?: 'none' | 'low' | 'medium' | 'high' | undefined;
  temperature?: number | undefined;
  stopSequences?: readonly string[] | undefined;
}

/** The events of an answer. `usage` has the latest figures of the provider, complete each time. */
export type ChatEvent =
  | { type: 'started'; requestId: string | null; usage: TokenUsage | null }
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string }
  /** A proof of the reasoning before it, for when it is passed back. */
  | { type: 'thinking_signature'; signature: string }
  | { type: 'tool_call'; id: string; name: string }
  /** The next characters of the input of the tool call before it. */
  | { type: 'tool_input'; json: string }
  /** The last event. Without usage, the provider did not report it. */
  | { type: 'ended'; reason: StopReason; usage: TokenUsage | null };

/** The address of a provider that an organization names itself. */
export interface ChatEndpoint {
  /** The address of its API, with the version: `https://api.groq.com/openai/v1`. */
  baseUrl: string;
  /** Whether it accepts the option for figures in a stream, and sends them only then. */
  takesUsageOption: boolean;
}

/** A key with which a provider is asked. */
export interface ProviderKey {
  secret: string;
  /** The address for it; undefined for a provider with a fixed address. */
  endpoint?: ChatEndpoint | undefined;
}

/** The capabilities of a model beyond text that a request to it depends on. */
export interface ModelTraits {
  /** It decides how much it reasons, within an effort. */
  adaptiveReasoning: boolean;
  /** The provider caches input only if a request asks for it. */
  explicitCaching: boolean;
}

export interface ChatProvider {
  /**
   * Asks a model, and passes on its answer as it comes. The last event is `ended`; an answer without it throws. There
   * are no retries here.
   * @throws ProviderFailure
   */
  chat(
    request: ChatRequest,
    traits: ModelTraits,
    key: ProviderKey,
    signal: AbortSignal,
  ): AsyncIterable<ChatEvent>;
  /**
   * The number of input tokens of the request, as the provider counts them; no model is asked. Undefined when the
   * provider does not count.
   * @throws ProviderFailure
   */
  countTokens?(
    request: ChatRequest,
    traits: ModelTraits,
    key: ProviderKey,
    signal: AbortSignal,
  ): Promise<number>;
  /** Undefined for a provider without batches. */
  batches?: BatchProvider;
  /** Makes the smallest request that needs a valid key. @throws ProviderFailure `key_refused` when it is not */
  testKey(key: ProviderKey): Promise<void>;
}

/** The chat providers by name. A provider without a key of the platform can be asked with a key of the caller. */
export interface ChatProviders {
  of(name: AiProviderName): ChatProvider;
  /** The key of the platform; undefined when none is configured. */
  keyOf(name: AiProviderName): ProviderKey | undefined;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    chat: ChatProviders;
  }
}
