import { SignJWT } from 'jose';
import { randomFrom } from '../random.ts';
import type { ClusterEvent } from './shapes.ts';

export interface ApiKeys {
  apiKey: string;
  apiSecret: string;
}

export interface SignedWebhook {
  headers: Record<string, string>;
  body: string;
}

/** Faults of deliveries. Rates are 0 to 1; the same seed gives the same faults. */
export interface WebhookMishaps {
  seed: number;
  drop?: number;
  duplicate?: number;
  /** Whether the order is random. */
  shuffle?: boolean;
  /** Each is delayed by up to so many milliseconds. */
  delayMs?: number;
}

export interface WebhookDelivery {
  event: ClusterEvent;
  /** Milliseconds after the previous delivery. */
  delayMs: number;
}

/** Signs as the server does: the token has the hash of the body, and is valid for five minutes. */
export async function signWebhook(
  event: ClusterEvent,
  { apiKey, apiSecret }: ApiKeys,
  nowMs: number = Date.now(),
): Promise<SignedWebhook> {
  const body = JSON.stringify(event);
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  const now = Math.floor(nowMs / 1000);
  const token = await new SignJWT({ sha256: Buffer.from(hash).toString('base64') })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(apiKey)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + 300)
    .sign(new TextEncoder().encode(apiSecret));
  return { headers: { authorization: token, 'content-type': 'application/webhook+json' }, body };
}

/** The events that arrive, and when. */
export function planDeliveries(events: readonly ClusterEvent[], mishaps: WebhookMishaps): WebhookDelivery[] {
  const random = randomFrom(mishaps.seed);
  const undropped = events.filter(() => random() >= (mishaps.drop ?? 0));
  const sent = undropped.flatMap((event) => (random() < (mishaps.duplicate ?? 0) ? [event, event] : [event]));
  if (mishaps.shuffle)
    for (let index = sent.length - 1; index > 0; index--) {
      const other = Math.floor(random() * (index + 1));
      [sent[index], sent[other]] = [sent[other]!, sent[index]!];
    }
  return sent.map((event) => ({ event, delayMs: Math.round(random() * (mishaps.delayMs ?? 0)) }));
}
