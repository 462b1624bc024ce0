import { type Ctx, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { isStale } from '../../kernel/core/index.ts';
import { signRoomTicket } from '../../realtime/protocol/index.ts';
import { allowedFeatures, mediaGrantsOf } from '../../rooms/access/index.ts';
import { callAgentErrors } from './call-agents.errors.ts';
import { type CallAgentToPoll, changeCallAgent, endCallAgent, selectToPoll } from './call-agents.queries.ts';
import { endReasonOf, EXTEND_MS, LEASE_MS } from './call-agents.rules.ts';
import type { PollAnswer, PollCallAgents } from './call-agents.schemas.ts';
import type { CallAgent } from './call-agents.tables.ts';

const MOST = 100;
const TOKEN_SECONDS = 60;
/** The attribute of its participant, by which pages warn people who share a screen. */
const SEES_SCREENS = { seesScreens: 'true' };

/**
 * Checks that a request comes from a process of agents. Both sides are hashed, so that comparing takes constant time.
 * @throws AppError `call_agents.bad_secret`
 */
export async function requireProcess({ config, hasher }: Ctx, authorization: string): Promise<void> {
  const { AGENTS_SECRET: secret } = config;
  const given = await hasher.hash('agents-process', authorization);
  if (!secret || given !== (await hasher.hash('agents-process', `Bearer ${secret}`)))
    throw callAgentErrors.badSecret();
}

/** Changes a row that another process may have changed at the same moment. @returns whether this process did it */
async function change(ctx: Ctx, row: CallAgent, set: Partial<CallAgent>): Promise<boolean> {
  const scope = systemScopeOf(row.organizationId);
  const work = ctx.commit({ scope, write: (q) => [changeCallAgent(q, row, set)], result: true });
  return work.catch((error: unknown) => {
    if (!isStale(error)) throw error;
    return false;
  });
}

/** Access to the socket of the room for the agent, as a participant of it. */
async function roomAccessOf(ctx: Ctx, { row, room }: CallAgentToPoll) {
  const { id: identity, name, organizationId, roomId, participantId, callId } = row;
  const ticket = await signRoomTicket(ctx.signer, {
    organizationId,
    roomId,
    identity,
    participantId,
    callId,
    name,
    role: 'agent',
    kind: 'agent',
    userId: null,
    linkId: null,
    // It rests on the lease: the process leaves when its poll requires that.
    credential: null,
    lobbyEntryId: null,
    features: allowedFeatures(room, {}),
  });
  const { PUBLIC_URL } = ctx.config;
  return { url: `${PUBLIC_URL.replace(/^http/, 'ws')}/api/v1/rooms/${roomId}/socket`, ticket };
}

/** The data that a process needs to join. */
async function startOf(ctx: Ctx, found: CallAgentToPoll): Promise<PollAnswer['start'][number]> {
  const { row, room, voice } = found;
  const { clusters } = ctx.ports;
  const { id: identity, callId, name, participantId, cluster, organizationId, roomId } = row;
  const token = await clusters.signJoinToken(cluster, {
    room: callId,
    identity,
    name,
    attributes: { role: 'agent', kind: 'agent', participantId, ...(row.seesScreens ? SEES_SCREENS : {}) },
    grants: { ...mediaGrantsOf('agent', room.type, { screenShare: false }), sources: ['microphone'] },
    configuration: {
      emptyTimeoutSeconds: room.emptyTimeoutSeconds,
      departureTimeoutSeconds: room.departureTimeoutSeconds,
      metadata: JSON.stringify({ organizationId, roomId, callId }),
    },
    ttlSeconds: TOKEN_SECONDS,
  });
  return {
    callAgentId: identity,
    url: clusters.clientUrl(cluster),
    token,
    name,
    group: organizationId,
    voice,
    room: await roomAccessOf(ctx, found),
  };
}

/** Ends an agent that may no longer be in its call. */
async function end(ctx: Ctx, { row, ground }: CallAgentToPoll): Promise<void> {
  const reason = endReasonOf(ground)!;
  const work = ctx.commit({
    scope: systemScopeOf(row.organizationId),
    write: (q) => endCallAgent(q, row, reason, new Date(ctx.clock.now())),
    result: undefined,
  });
  await work.catch((error: unknown) => {
    if (!isStale(error)) throw error;
  });
}

/**
 * A process reports the agents that it has, and gets as many others as it can take: those that wait, and those whose
 * process has not polled for some seconds. It runs several times a second.
 */
export async function pollCallAgents(
  ctx: Ctx,
  { worker, capacity, holding }: PollCallAgents,
): Promise<PollAnswer> {
  const nowMs = ctx.clock.now();
  const [rows] = await ctx.read((q) => [selectToPoll(q, worker, new Date(nowMs), MOST)], systemScope);
  const leaseUntil = new Date(nowMs + LEASE_MS);
  const answer: PollAnswer = { start: [], stop: [], sees: [] };
  const kept = new Set<string>();
  for (const found of rows) {
    const { row, ground } = found;
    // Also after its lease has lapsed, unless another process has taken it: the process was only slow.
    const isOwn = row.worker === worker;
    if (endReasonOf(ground) !== null) await end(ctx, found);
    else if (isOwn && holding.includes(row.id)) {
      kept.add(row.id);
      const isDue = (row.leaseUntil?.getTime() ?? 0) - nowMs < LEASE_MS - EXTEND_MS;
      if (isDue && !(await change(ctx, row, { leaseUntil }))) kept.delete(row.id);
    } else if (isOwn) await change(ctx, row, { worker: null, leaseUntil: null });
    else if (answer.start.length < capacity && !holding.includes(row.id)) {
      const updatedAt = new Date(nowMs);
      if (await change(ctx, row, { worker, leaseUntil, state: 'active', updatedAt }))
        answer.start.push(await startOf(ctx, found));
    }
  }
  answer.stop = holding.filter((id) => !kept.has(id));
  const has = new Set([...kept, ...answer.start.map(({ callAgentId }) => callAgentId)]);
  answer.sees = rows.flatMap(({ row: { id }, seesScreens }) => (seesScreens && has.has(id) ? [id] : []));
  return answer;
}
