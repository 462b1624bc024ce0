import type { Captioner } from './captions.ports.ts';

/** Joining a call takes a second or two. */
const TIME_LIMIT_MS = 10_000;

/** The process at an address; undefined without one. */
export function createCaptioner({
  url,
  secret,
}: {
  url: string | undefined;
  secret: string | undefined;
}): Captioner | undefined {
  if (!url || !secret) return undefined;
  const send = async (method: string, captionId: string, body?: object) => {
    const response = await fetch(`${url.replace(/\/$/, '')}/v1/calls/${captionId}`, {
      method,
      headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
      redirect: 'manual',
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the captioner answered ${response.status}`);
  };
  return {
    run: (plan) => send('PUT', plan.captionId, plan),
    end: (captionId) => send('DELETE', captionId),
  };
}
