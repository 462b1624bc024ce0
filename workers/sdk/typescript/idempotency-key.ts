/** A key for one request and its repetitions. */
export const newIdempotencyKey = (): string => crypto.randomUUID();
