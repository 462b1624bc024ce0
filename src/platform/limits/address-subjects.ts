import type { Hasher } from '../../kernel/crypto/index.ts';
import type { LimitSubject } from '../http/index.ts';

const SHARDS = 64;
const MAX_REMEMBERED_NETWORKS = 10_000;

/** The network that is counted for a caller: an IPv4 address, or the /64 of an IPv6 one, which one household owns. */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped) return mapped[1]!;
  const [head = '', tail] = ip.toLowerCase().split('::', 2);
  const groups = (text: string) => text.split(':').filter(Boolean);
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const whole = tail === undefined ? before : [...before, ...zeros, ...after];
  return whole
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

/**
 * Maps an address to the subject that is counted: a keyed hash, so that no address is stored or shown anywhere, spread
 * over a fixed number of objects. Callers without an address share one count.
 */
export function createAddressSubjects(hasher: Hasher): (ip: string | null) => Promise<LimitSubject> {
  const subjectByNetwork = new Map<string, LimitSubject>();
  return async (ip) => {
    const network = ip === null ? 'unknown' : networkOf(ip);
    let subject = subjectByNetwork.get(network);
    if (!subject) {
      const hash = await hasher.hash('limits.address', network);
      subject = { owner: `address:${Number.parseInt(hash.slice(0, 2), 16) % SHARDS}`, subject: hash };
      if (subjectByNetwork.size >= MAX_REMEMBERED_NETWORKS)
        subjectByNetwork.delete(subjectByNetwork.keys().next().value!);
      subjectByNetwork.set(network, subject);
    }
    return subject;
  };
}
