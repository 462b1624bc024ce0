import type { CallPlan } from './call-plan.ts';

/** Has the product speak a translation. @throws Error when it refuses, or nothing is to be spoken any more */
export async function synthesize(
  { spoken, report }: Pick<CallPlan, 'spoken' | 'report'>,
  sentence: { language: string; text: string },
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  if (!spoken) throw new Error('nothing is spoken in this call');
  const response = await fetch(spoken.url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${report.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(sentence),
    signal,
  });
  if (response.ok && response.body) return response.body;
  await response.body?.cancel();
  throw new Error(`speaking was refused with ${response.status}`);
}
