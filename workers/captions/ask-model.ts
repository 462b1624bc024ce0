import type { TranslationRequest } from './translator.ts';

/** The product ends a slow answer after five seconds. */
const TIME_LIMIT_MS = 7_000;
const MOST_CONTEXT = 500;

/** Has the product ask a model for a translation; null where it refuses, or does not answer in time. */
export async function askModel(
  { url, token }: { url: string; token: string },
  { text, from, to, context }: TranslationRequest,
): Promise<string | null> {
  const before = context.slice(-MOST_CONTEXT).trim();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ text, from, to, ...(before && { context: before }) }),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    if (!response.ok) return null;
    const answer = await response.json<{ text?: string } | null>();
    return answer?.text ?? null;
  } catch {
    return null;
  }
}
