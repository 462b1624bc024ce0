import { createHmac } from 'node:crypto';

/** The value of `Paddle-Signature` for a payload, at a moment in seconds. */
export function signatureOf(payload: string, secret: string, at: number): string {
  const hash = createHmac('sha256', secret).update(`${at}:${payload}`).digest('hex');
  return `ts=${at};h1=${hash}`;
}
