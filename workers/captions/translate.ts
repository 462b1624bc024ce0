import type { SpeechProvider } from './speech-stream.ts';

const TIME_LIMIT_MS = 10_000;

/** A text in another language; null where the service has no such pair, or does not answer. */
export async function translate(
  { url, secret, group }: SpeechProvider,
  { text, from, to }: { text: string; from: string; to: string },
): Promise<string | null> {
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/v1/translations`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${secret}`,
        'Content-Type': 'application/json',
        'Speech-Group': group,
      },
      body: JSON.stringify({ input: [text], source: from, target: to }),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
    });
    if (!response.ok) return null;
    const answer = await response.json<{ data?: readonly { text?: string }[] } | null>();
    return answer?.data?.[0]?.text ?? null;
  } catch {
    return null;
  }
}
