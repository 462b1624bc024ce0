import type { TokenUsage } from './usage.ports.ts';

/** Rows store four bytes for each count. */
const MAX_COUNT = 2 ** 31 - 1;

/** What a provider says it counted, once it can be stored. @throws TypeError otherwise: an answer with it is malformed */
export function checkedUsage(usage: TokenUsage): TokenUsage {
  for (const [name, value] of Object.entries(usage) as [keyof TokenUsage, number | null][]) {
    const isUnknown = value === null && name === 'reasoningTokens';
    if (!isUnknown && !(Number.isSafeInteger(value) && value! >= 0 && value! <= MAX_COUNT))
      throw new TypeError(`${name} is not a count of tokens`);
  }
  return usage;
}
