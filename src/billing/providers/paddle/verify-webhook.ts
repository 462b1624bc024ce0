import { z } from '@hono/zod-openapi';
import { type ProviderEvent, providerErrors } from '../index.ts';

const TOLERANCE_MS = 5 * 60_000;
const HEX_SHA256 = /^[0-9a-f]{64}$/;
const text = z.string().nullish();

const eventSchema = z.object({
  event_id: z.string().min(1),
  event_type: z.string().min(1),
  occurred_at: z.iso.datetime({ offset: true }),
  data: z.object({ id: text, customer_id: text, subscription_id: text, transaction_id: text }),
});

/** The customer, subscription and transaction of an event. */
function toProviderEvent(rawBody: string): ProviderEvent {
  const { event_id: id, event_type: type, occurred_at: at, data } = eventSchema.parse(JSON.parse(rawBody));
  const own = (kind: string) => (type.startsWith(`${kind}.`) ? (data.id ?? null) : null);
  return {
    id,
    type,
    occurredAtMs: Date.parse(at),
    customerId: own('customer') ?? data.customer_id ?? null,
    subscriptionId: own('subscription') ?? data.subscription_id ?? null,
    invoiceId: own('transaction') ?? data.transaction_id ?? null,
  };
}

/** The parts of `ts=…;h1=…;h1=…`; there are two signatures while a secret is being replaced. */
function partsOf(signature: string): { at: string; hashes: string[] } {
  const parts = signature.split(';').map((part) => part.split('=') as [string, string | undefined]);
  const valuesOf = (name: string) => parts.flatMap(([key, value]) => (key === name && value ? [value] : []));
  return { at: valuesOf('ts')[0] ?? '', hashes: valuesOf('h1').filter((hash) => HEX_SHA256.test(hash)) };
}

const toBytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

async function isSigned(secret: string, signed: string, hashes: readonly string[]): Promise<boolean> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['verify']);
  const checks = hashes.map((hash) =>
    crypto.subtle.verify('HMAC', key, toBytes(hash), encoder.encode(signed)),
  );
  return (await Promise.all(checks)).includes(true);
}

/** @throws AppError `billing.bad_signature` when the secret did not sign exactly this body within five minutes */
export async function verifyWebhook(
  secret: string,
  rawBody: string,
  signature: string,
  nowMs: number,
): Promise<ProviderEvent> {
  const { at, hashes } = partsOf(signature);
  const isTimely = /^\d{1,12}$/.test(at) && Math.abs(nowMs - Number(at) * 1000) <= TOLERANCE_MS;
  if (!isTimely || !(await isSigned(secret, `${at}:${rawBody}`, hashes))) throw providerErrors.badSignature();
  try {
    return toProviderEvent(rawBody);
  } catch (cause) {
    throw providerErrors.badSignature({ detail: 'the body is no event of Paddle', cause });
  }
}
