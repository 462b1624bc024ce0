import { describe, expect, it } from 'vitest';
import { periodEndMs } from '../../../src/intelligence/ai-budgets/ai-budgets.rules.ts';
import { mostInputTokens, worstCostMicros } from '../../../src/intelligence/ai-budgets/worst-cost.rules.ts';
import type { ModelRates } from '../../../src/intelligence/models/index.ts';

type Request = Parameters<typeof worstCostMicros>[0];

describe('the period of a budget for AI', () => {
  const endOf = (period: 'day' | 'month', moment: string) =>
    new Date(periodEndMs(period, Date.parse(moment))).toISOString();

  it('that is a day ends at midnight UTC, and the next one begins then', () => {
    expect(endOf('day', '2026-02-28T23:59:59.999Z')).toBe('2026-03-01T00:00:00.000Z');
    expect(endOf('day', '2026-03-01T00:00:00.000Z')).toBe('2026-03-02T00:00:00.000Z');
  });

  it('that is a month ends with it UTC, also with the year', () => {
    expect(endOf('month', '2026-11-30T23:59:59.999Z')).toBe('2026-12-01T00:00:00.000Z');
    expect(endOf('month', '2026-12-01T00:00:00.000Z')).toBe('2027-01-01T00:00:00.000Z');
  });
});

describe('the worst that a request can cost', () => {
  /** Micro-units for each token. */
  const rates = (micros: Partial<Record<keyof ModelRates, number>>) =>
    Object.fromEntries(
      [
        'ai_input_tokens',
        'ai_output_tokens',
        'ai_cache_read_tokens',
        'ai_cache_write_tokens',
        'ai_cache_write_hour_tokens',
      ].map((meter) => {
        const price = micros[meter as keyof ModelRates];
        return [meter, price === undefined ? null : { nanos: BigInt(price) * 1_000n, unitQuantity: 1n }];
      }),
    ) as unknown as ModelRates;
  const request = (cache?: '5m' | '1h') =>
    ({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello', ...(cache && { cache }) }] }],
      maxOutputTokens: 100,
    }) as unknown as Request;
  const inputTokens = mostInputTokens(request());

  it('has a token for each byte of the input, 2,000 for what the provider adds, and 20 for each message', () => {
    const message = { role: 'user', content: [{ type: 'text', text: 'é' }] };
    const once = mostInputTokens({ messages: [message] } as unknown as Request);
    const twice = mostInputTokens({ messages: [message, message] } as unknown as Request);
    const bytes = new TextEncoder().encode(JSON.stringify(message.content[0])).length;
    // Two bytes are the empty list of tools.
    expect([once, twice - once]).toEqual([2_000 + 20 + bytes + 2, 20 + bytes]);
  });

  it('counts 6,000 tokens for an image, whatever its bytes', () => {
    const content = [{ type: 'image', data: 'A'.repeat(50_000) }];
    const tokens = mostInputTokens({ messages: [{ role: 'user', content }] } as unknown as Request);
    expect(tokens).toBeLessThan(6_000 + 2_100);
    expect(tokens).toBeGreaterThanOrEqual(6_000 + 2_020);
  });

  it('is all of the input, all of the output, and one for rounding', () => {
    const cost = worstCostMicros(request(), rates({ ai_input_tokens: 3, ai_output_tokens: 7 }));
    expect(cost).toBe(BigInt(inputTokens * 3 + 100 * 7 + 1));
  });

  it('takes the dearest way in which a cached input can be charged', () => {
    const prices = { ai_input_tokens: 3, ai_output_tokens: 7, ai_cache_read_tokens: 1 };
    const ofFiveMinutes = rates({ ...prices, ai_cache_write_tokens: 4, ai_cache_write_hour_tokens: 99 });
    const tokens = mostInputTokens(request('5m'));
    expect(worstCostMicros(request('5m'), ofFiveMinutes)).toBe(BigInt(tokens * 4 + 100 * 7 + 3));
    const ofAnHour = rates({ ...prices, ai_cache_write_tokens: 99, ai_cache_write_hour_tokens: 5 });
    expect(worstCostMicros(request('1h'), ofAnHour)).toBe(BigInt(tokens * 5 + 100 * 7 + 3));
  });

  it('is unknown without a price that the request can need, and only then', () => {
    expect(worstCostMicros(request(), rates({ ai_input_tokens: 3 }))).toBeNull();
    expect(worstCostMicros(request(), rates({ ai_output_tokens: 3 }))).toBeNull();
    const uncached = rates({ ai_input_tokens: 3, ai_output_tokens: 7 });
    expect(worstCostMicros(request('5m'), uncached)).toBeNull();
    expect(worstCostMicros(request(), uncached)).not.toBeNull();
  });
});
