import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { forgetPersonInCorrections, forgetPersonInSegments } from './segments.queries.ts';
import { forgetPersonInTranscriptions } from './transcripts.queries.ts';

/** Segments of one transaction; a delivery that ends early is repeated, and continues. */
const SEGMENTS_AT_ONCE = 2_000;

/**
 * Removes an erased user from transcripts: their words remain, without a name. In the scope of the system, because
 * they were in calls of several organizations.
 */
export async function forgetPerson(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  await ctx.commit({
    scope: systemScope,
    write: (q) => [forgetPersonInCorrections(q, userId), forgetPersonInTranscriptions(q, userId)],
    result: undefined,
  });
  let isMore = true;
  while (isMore) {
    const changed = await ctx.read((q) => forgetPersonInSegments(q, userId, SEGMENTS_AT_ONCE), systemScope);
    isMore = changed.some(({ length }) => length === SEGMENTS_AT_ONCE);
  }
}
