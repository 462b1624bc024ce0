import type { ConnectionCheck } from '../../calls/connections/index.ts';
import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import {
  isConnectedTo,
  isOneOf,
  isParticipant,
  selectUnwantedParticipants,
} from './enforce-admission.queries.ts';

/**
 * Finds the connections whose token is no longer valid: the call is over, they were removed from the room, they are not a
 * member any longer, the organization was deleted, the session or API key behind it was ended, or the room is full and their
 * seat was given away. It runs as soon as a cluster reports a connection.
 */
export const findInvalidConnections: ConnectionCheck = async (ctx, connections) => {
  if (connections.length === 0) return [];
  const [found] = await ctx.read(
    (q) => [selectUnwantedParticipants(q, isOneOf(connections), new Date(ctx.clock.now()))],
    // The event of a cluster has no organization.
    systemScope,
  );
  return found;
};

type ParticipantCondition = ReturnType<typeof isParticipant>;

/** Disconnects the participants who may not be in their call, of those that the condition is about. */
async function disconnectUnwanted(ctx: Ctx, condition: ParticipantCondition): Promise<void> {
  const [found] = await ctx.read(
    (q) => [selectUnwantedParticipants(q, condition, new Date(ctx.clock.now()))],
    // Sessions are in no organization.
    systemScope,
  );
  await applyToAll(found, async ({ callId, cluster, identity }) => {
    const api = ctx.ports.clusters.api(cluster, ctx.trace);
    const disconnected = await api.removeParticipant(callId, identity);
    ctx.log.info('admission.enforced', { callId, identity, disconnected });
  });
}

/** The same for a connection that is in the ledger: it may have been found by a sweep, without an event. */
export const enforceAdmission = (
  ctx: Ctx,
  { callId, participantId }: { callId: string; participantId: string },
): Promise<void> => disconnectUnwanted(ctx, isParticipant(ctx.organizationId, callId, participantId));

/** The same for everybody who is connected to a call, after something changed who may be in it. @throws AppError of the cluster */
export const enforceAdmissionToCall = (ctx: Ctx, callId: string): Promise<void> =>
  disconnectUnwanted(ctx, isConnectedTo(ctx.organizationId, callId));
