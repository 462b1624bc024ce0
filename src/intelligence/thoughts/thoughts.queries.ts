import { and, asc, eq, gte, sql } from 'drizzle-orm';
import { mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { thoughtErrors } from './thoughts.errors.ts';
import { MAX_THOUGHTS_OF_HOLDER } from './thoughts.rules.ts';
import { type ThoughtRow, thoughts } from './thoughts.tables.ts';

/** A chain, with what its holder finds it by. */
export interface ChainKey {
  organizationId: string;
  chainId: string;
  holderHash: string;
  /** Earlier thoughts are forgotten. */
  since: Date;
}

const isOfChain = ({ organizationId, chainId, holderHash, since }: ChainKey) =>
  and(
    eq(thoughts.organizationId, organizationId),
    eq(thoughts.chainId, chainId),
    eq(thoughts.holderHash, holderHash),
    gte(thoughts.createdAt, since),
  );

/** A chain without its texts. */
export const selectOutline = (q: Queries, key: ChainKey) =>
  q
    .select({
      ordinal: thoughts.ordinal,
      thoughtNumber: thoughts.thoughtNumber,
      branchId: thoughts.branchId,
    })
    .from(thoughts)
    .where(isOfChain(key))
    .orderBy(asc(thoughts.ordinal));

/** The thoughts of a chain in order; one more than `limit`. */
export const selectThoughts = (
  q: Queries,
  key: ChainKey,
  { after, limit }: { after: string | undefined; limit: number },
) =>
  q
    .select()
    .from(thoughts)
    .where(and(isOfChain(key), after === undefined ? undefined : sql`${thoughts.ordinal} > ${Number(after)}`))
    .orderBy(asc(thoughts.ordinal))
    .limit(limit + 1);

/** Inserts a thought, unless its holder has too many. Thoughts of one holder are inserted one after the other. */
export function insertThought(q: Queries, row: ThoughtRow): Statement[] {
  const { organizationId, holderHash } = row;
  const key = `thoughts ${organizationId} ${holderHash}`;
  return [
    q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`),
    q.insert(thoughts).values(row),
    mustHold(
      q,
      sql`(select count(*) from ${thoughts}
        where ${thoughts.organizationId} = ${organizationId} and ${thoughts.holderHash} = ${holderHash}) <= ${MAX_THOUGHTS_OF_HOLDER}`,
      thoughtErrors.tooManyKept,
    ),
  ];
}

/** Deletes thoughts whose time is over. */
export const deleteOldThoughts = (q: Queries, before: Date, limit: number) =>
  q
    .delete(thoughts)
    .where(
      sql`(chain_id, ordinal) in (select chain_id, ordinal from ${thoughts} where created_at < ${before.toISOString()} limit ${limit})`,
    )
    .returning({ ordinal: thoughts.ordinal });
