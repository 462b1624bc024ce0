import type { TokenUsage } from './usage.ports.ts';

/** Rows store four bytes for each count. */
const MAX_COUNT = 2 ** 31 - 1;

/** The figures of a provider, if they can be stored. @throws TypeError otherwise; the answer is then malformed */
export function checkedUsage(usage: TokenUsage): TokenUsage {
  for (const [name, value] of Object.entries(usage) as [keyof TokenUsage, number | null][]) {
    const isUnknown = value === null && name === 'reasoningTokens';
    if (!isUnknown && !(Number.isSafeInteger(value) && value! >= 0 && value! <= MAX_COUNT))
      throw new TypeError(`${name} is not a count of tokens`);
  }
  return usage;
}
