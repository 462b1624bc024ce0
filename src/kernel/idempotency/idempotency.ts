import { idempotencyErrors } from '../core/index.ts';
import type { Vault } from '../crypto/index.ts';
import type { Queries } from '../db/index.ts';
import { insertIdempotencyRecord } from './idempotency.queries.ts';

/** An answer as it was given, to be given again word for word. */
export interface StoredReply {
  status: number;
  headers: Record<string, string>;
  body: string | null;
}

/** The key a caller sent, with what it stands for. */
export interface IdempotencyKey {
  /** Whose key it is: the actor's id. */
  scope: string;
  key: string;
  requestHash: string;
}

/** Thrown where a verb would have begun to decide: the answer is already known. */
export class IdempotentReplay extends Error {
  override readonly name = 'IdempotentReplay';
  readonly reply: StoredReply;

  constructor(reply: StoredReply) {
    super('the request was answered before');
    this.reply = reply;
  }
}

const LIFE_HOURS = 24;
const associatedData = ({ scope, key }: IdempotencyKey) => `idempotency_records.${scope}.${key}`;

/**
 * @throws IdempotentReplay with the first answer
 * @throws AppError `idempotency.key_reused` when the key stood for another request
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

/** The statement that keeps the answer with the state. */
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
