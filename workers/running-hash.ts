import { createHash } from 'node:crypto';
import type { RunningHash } from '../src/media/scans/index.ts';

/** The runtime's own SHA-256. */
export function createSha256(): RunningHash {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
}
