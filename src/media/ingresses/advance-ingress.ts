import type { Ctx } from '../../kernel/context/index.ts';
import { isWorthCommit } from '../cluster-rows/index.ts';
import { changeIngress, type IngressToAdvance, selectIngressToAdvance } from './ingresses.queries.ts';
import { goalOf, type IngressChange, isKeptOut } from './ingresses.rules.ts';
import type { Ingress } from './ingresses.tables.ts';
import { changeEventOf } from './manage-ingresses.ts';
import { type IngressStep, runPushed, runReading } from './run-ingress.ts';
import { resealSource } from './source-secret.ts';

function findStep(ctx: Ctx, { ingress, ...ground }: IngressToAdvance): Promise<IngressStep> {
  const goal = goalOf(ingress, ground);
  if (isKeptOut(ingress, goal)) return Promise.resolve({ row: ingress, change: {} });
  return ingress.kind === 'url' ? runReading(ctx, ingress, goal) : runPushed(ctx, ingress, goal);
}

/** The audit entry of a move; none for other changes. */
function auditOf({ id: ingressId, roomId, state }: Ingress, change: IngressChange) {
  if (change.state === undefined || change.state === state) return [];
  const { state: next, reason = null } = change;
  return [
    {
      action: `ingress.${next}`,
      target: { type: 'room', id: roomId } as const,
      before: { ingressId, state },
      after: { ingressId, state: next, reason },
    },
  ];
}

/** What of an ingress is an event for others. */
const publicPart = ({ state, reason, callId }: Ingress) => JSON.stringify([state, reason, callId]);

/**
 * Advances an ingress as far as possible now, from its room and its cluster: creates it there, lets senders in or keeps
 * them out, begins to read, follows, removes. It may run at any time and twice.
 * @returns whether anything changed
 * @throws AppError of the cluster, `outgoing.resolver_unavailable`, `request.stale`
 */
export async function advanceIngress(ctx: Ctx, ingressId: string): Promise<boolean> {
  const now = new Date(ctx.clock.now());
  const [[found]] = await ctx.read((q) => [selectIngressToAdvance(q, ctx.organizationId, ingressId, now)]);
  if (!found) return false;
  const { row, change: stepped } = await findStep(ctx, found);
  const change = { ...stepped, ...(await resealSource(ctx, found.ingress)) };
  if (!isWorthCommit(row, change)) return false;
  const changed = { ...row, ...change };
  await ctx.commit({
    write: (q) => changeIngress(q, row, { ...change, updatedAt: new Date(ctx.clock.now()) }),
    audit: auditOf(found.ingress, changed),
    events: publicPart(changed) === publicPart(found.ingress) ? [] : [changeEventOf(changed)],
    result: undefined,
  });
  return true;
}
