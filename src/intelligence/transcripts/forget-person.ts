import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { forgetPersonInCorrections, forgetPersonInSegments } from './segments.queries.ts';
import { forgetPersonInTranscriptions } from './transcripts.queries.ts';

/** Segments of one transaction; a delivery that ends before all are done is repeated, and continues. */
const SEGMENTS_AT_ONCE = 2_000;

/**
 * Takes an erased user out of transcripts: what they said stays, as the words of somebody who is not named. In the system's scope,
 * because they were in calls of several organizations.
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
