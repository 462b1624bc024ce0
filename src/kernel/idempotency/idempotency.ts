import { idempotencyErrors } from '../core/index.ts';
import type { Vault } from '../crypto/index.ts';
import type { Queries } from '../db/index.ts';
import { insertIdempotencyRecord } from './idempotency.queries.ts';

/** A response as it was sent, to be sent again byte for byte. */
export interface StoredReply {
  status: number;
  headers: Record<string, string>;
  body: string | null;
}

/** The key a caller sent, with its scope and the hash of its request. */
export interface IdempotencyKey {
  /** The actor's id, or what identifies the caller of a public route. */
  scope: string;
  key: string;
  requestHash: string;
}

/** Thrown by the context to leave a verb whose response is already stored. */
export class IdempotentReplay extends Error {
  override readonly name = 'IdempotentReplay';
  readonly reply: StoredReply;

  constructor(reply: StoredReply) {
    super('the request was already answered');
    this.reply = reply;
  }
}

const LIFE_HOURS = 24;
const associatedData = ({ scope, key }: IdempotencyKey) => `idempotency_records.${scope}.${key}`;

/**
 * Ends the verb when the key was used before.
 * @throws IdempotentReplay with the stored response
 * @throws AppError `idempotency.key_reused` when the key was used for another request
 */
export async function replayIfStored(
  records: { requestHash: string; reply: string }[],
  key: IdempotencyKey,
  vault: Vault,
): Promise<void> {
  const record = records[0];
  if (!record) return;
  if (record.requestHash !== key.requestHash) throw idempotencyErrors.keyReused();
  throw new IdempotentReplay(
    JSON.parse(await vault.decrypt(record.reply, associatedData(key))) as StoredReply,
  );
}

/** Builds the statement that stores the response in the commit of the change. */
export async function idempotencyStatement(
  key: IdempotencyKey,
  reply: StoredReply,
  nowMs: number,
  vault: Vault,
): Promise<(q: Queries) => ReturnType<typeof insertIdempotencyRecord>> {
  const row = {
    scope: key.scope,
    key: key.key,
    requestHash: key.requestHash,
    reply: await vault.encrypt(JSON.stringify(reply), associatedData(key)),
    createdAt: new Date(nowMs),
    expiresAt: new Date(nowMs + LIFE_HOURS * 3_600_000),
  };
  return (q) => insertIdempotencyRecord(q, row);
}
