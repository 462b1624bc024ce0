import { thoughtErrors } from './thoughts.errors.ts';
import { type AddedThought, type AddThought, MAX_THOUGHTS } from './thoughts.schemas.ts';
import type { ThoughtOutline, ThoughtRow } from './thoughts.tables.ts';

/** Thoughts are kept for a day. */
export const KEPT_MS = 86_400_000;
/** Most thoughts that are kept for a user or an API key. */
export const MAX_THOUGHTS_OF_HOLDER = 5_000;

/** The number of the next thought. It is not a count, because earlier thoughts may be deleted. */
const nextOrdinal = (chain: readonly ThoughtOutline[]): number => (chain.at(-1)?.ordinal ?? 0) + 1;

/** The number of a thought in the chain. @throws AppError `thoughts.chain_full` or `thoughts.not_in_chain` */
export function placeThought(chain: readonly ThoughtOutline[], input: AddThought): number {
  const ordinal = nextOrdinal(chain);
  if (ordinal > MAX_THOUGHTS) throw thoughtErrors.chainFull();
  const numbers = new Set(chain.map(({ thoughtNumber }) => thoughtNumber));
  for (const [field, number] of [
    ['revisesThought', input.revisesThought],
    ['branchFromThought', input.branchFromThought],
  ] as const)
    if (number !== undefined && !numbers.has(number)) {
      const message = 'must be the number of a thought of the chain';
      throw thoughtErrors.notInChain({ errors: [{ pointer: `/${field}`, message }] });
    }
  return ordinal;
}

/** The answer to a thought that was added to a chain. */
export function summarizeChain(chain: readonly ThoughtOutline[], added: ThoughtRow): AddedThought {
  const branches = [...chain, added].flatMap(({ branchId }) => (branchId === null ? [] : [branchId]));
  return {
    chainId: added.chainId,
    thoughtNumber: added.thoughtNumber,
    totalThoughts: added.totalThoughts,
    nextThoughtNeeded: added.nextThoughtNeeded,
    branches: [...new Set(branches)],
    thoughtHistoryLength: chain.length + 1,
  };
}
