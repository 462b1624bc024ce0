import { type Services, systemScope } from '../../kernel/context/index.ts';
import { erasePersonalFieldsBatch } from './personal-fields.queries.ts';

const BATCH_SIZE = 500;

/**
 * Erases address, user agent and recorded values, with their salts, from the entries whose actor or target is the user.
 * Commitments stay, so the chain stays valid; without its salt a commitment reveals nothing.
 * @returns the number of changed entries
 */
export async function erasePersonalFields(
  { database, clock }: Services,
  { organizationId, personId }: { organizationId: string; personId: string },
): Promise<number> {
  let erased = 0;
  for (;;) {
    const now = new Date(clock.now());
    const [changed] = await database.read(systemScope, (q) => [
      erasePersonalFieldsBatch(q, organizationId, personId, now, BATCH_SIZE),
    ]);
    erased += changed.length;
    if (changed.length < BATCH_SIZE) return erased;
  }
}
