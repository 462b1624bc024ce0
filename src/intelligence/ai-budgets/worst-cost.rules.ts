import { costMicros, type ModelRates, type TokenMeter } from '../models/index.ts';
import type { ChatPart, ChatRequest } from '../providers/index.ts';

/** More tokens than any provider counts for one image. */
const IMAGE_TOKENS = 6_000;
/** More than what providers add to a request themselves: instructions for tools, marks of roles. */
const OVERHEAD_TOKENS = 2_000;
/** More than a provider adds for one message or tool. */
const EACH_TOKENS = 20;

const encoder = new TextEncoder();
const bytesOf = (value: unknown): number =>
  value === undefined ? 0 : encoder.encode(JSON.stringify(value)).length;

const partTokens = (part: ChatPart): number => (part.type === 'image' ? IMAGE_TOKENS : bytesOf(part));

/** The most tokens that the input can have: each token has at least one byte. */
export function mostInputTokens({
  system,
  messages,
  tools = [],
  outputSchema,
}: Omit<ChatRequest, 'model'>): number {
  const spoken = messages
    .flatMap(({ content }) => content.map(partTokens))
    .reduce((sum, each) => sum + each, 0);
  return (
    spoken +
    bytesOf(system) +
    bytesOf(tools) +
    bytesOf(outputSchema) +
    OVERHEAD_TOKENS +
    EACH_TOKENS * (messages.length + tools.length)
  );
}

/** The meters that may charge the input. */
function inputMeters({ system, messages }: Omit<ChatRequest, 'model'>): TokenMeter[] {
  const caches = [
    system?.cache,
    ...messages.flatMap(({ content }) => content.map((part) => ('cache' in part ? part.cache : undefined))),
  ];
  return [
    'ai_input_tokens',
    ...(caches.includes('5m') ? (['ai_cache_write_tokens', 'ai_cache_read_tokens'] as const) : []),
    ...(caches.includes('1h') ? (['ai_cache_write_hour_tokens', 'ai_cache_read_tokens'] as const) : []),
  ];
}

const NO_TOKENS: Readonly<Record<TokenMeter, number>> = {
  ai_input_tokens: 0,
  ai_output_tokens: 0,
  ai_cache_read_tokens: 0,
  ai_cache_write_tokens: 0,
  ai_cache_write_hour_tokens: 0,
};

/** The most tokens that a request can use, by each meter that may count them. */
export const mostTokens = (
  request: Omit<ChatRequest, 'model'>,
): { meter: TokenMeter; quantity: number }[] => {
  const input = mostInputTokens(request);
  return [
    ...inputMeters(request).map((meter) => ({ meter, quantity: input })),
    { meter: 'ai_output_tokens', quantity: request.maxOutputTokens },
  ];
};

/** The most that a request can cost, in millionths of a USD; null when a price that it may need is unknown. */
export function worstCostMicros(request: Omit<ChatRequest, 'model'>, rates: ModelRates): bigint | null {
  const tokens = mostInputTokens(request);
  const costs = inputMeters(request).map((meter) => costMicros({ ...NO_TOKENS, [meter]: tokens }, rates));
  const output = costMicros({ ...NO_TOKENS, ai_output_tokens: request.maxOutputTokens }, rates);
  if (output === null || costs.includes(null)) return null;
  // Parts of the input that are charged differently are each rounded up.
  return (
    (costs as bigint[]).reduce((most, each) => (each > most ? each : most), 0n) +
    output +
    BigInt(costs.length)
  );
}
