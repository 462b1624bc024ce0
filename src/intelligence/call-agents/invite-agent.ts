import type { Call, Seat } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccess } from '../../rooms/access/index.ts';
import { agentErrors, getPublishedAgent, type Agent, type AgentVersion } from '../agents/index.ts';
import { type Conversation, insertCallConversation } from '../agent-conversations/index.ts';
import { requirePerson } from '../memory/index.ts';
import { callAgentErrors } from './call-agents.errors.ts';
import { insertCallAgent } from './call-agents.queries.ts';
import type { InviteAgent } from './call-agents.schemas.ts';
import type { CallAgent } from './call-agents.tables.ts';

/** An agent that joins by itself: its only call, and what is written with the invitation. */
interface AssignedJoin {
  assignmentId: string;
  callId: string;
  write: (q: Queries) => readonly Statement[];
}

/** How long a process may take to join. */
const SEAT_MS = 300_000;

/** The active call of the room, if an agent may come into it. @throws AppError `call_agents.*` */
function requireCall({ ports, config }: Ctx, { room, call }: RoomAccess): Call {
  if (!config.AGENTS_SECRET) throw callAgentErrors.notConfigured();
  if (call?.status !== 'active' || !ports.clusters.names.includes(call.cluster))
    throw callAgentErrors.noCall();
  if (room.recordingConsent === 'required') throw callAgentErrors.needsConsent();
  return call;
}

const conversationOf = (row: CallAgent, agent: Agent): Omit<Conversation, 'inCall'> => ({
  id: row.conversationId,
  organizationId: row.organizationId,
  agentId: agent.id,
  owner: row.userId,
  userId: row.userId,
  apiKeyId: null,
  title: 'In a call',
  shared: false,
  messageCount: 0,
  createdAt: row.createdAt,
  updatedAt: row.createdAt,
  version: 1,
});

const seatOf = ({ id: identity, participantId, createdAt, ...row }: CallAgent): Seat => ({
  id: participantId,
  organizationId: row.organizationId,
  callId: row.callId,
  identity,
  kind: 'agent',
  userId: null,
  name: row.name,
  role: 'agent',
  status: 'waiting',
  credential: null,
  seatSince: createdAt,
  seatUntil: new Date(createdAt.getTime() + SEAT_MS),
  network: null,
  linkId: null,
  joinedAt: null,
  leftAt: null,
  connectedMs: 0,
  region: null,
  createdAt,
  updatedAt: createdAt,
});

/** People must be able to see what an agent is, and what it sees. */
const nameOf = ({ name }: Agent, seesScreens: boolean): string =>
  seesScreens ? `${name} (AI agent, sees shared screens)` : `${name} (AI agent)`;

function rowOf(
  ctx: Ctx,
  { id: callId, roomId, cluster }: Call,
  { agent, version }: { agent: Agent; version: AgentVersion },
  userId: string,
): CallAgent {
  const seesScreens = version.definition.seesScreens ?? false;
  const createdAt = new Date(ctx.clock.now());
  return {
    id: ctx.ids.create('callAgent'),
    organizationId: ctx.organizationId,
    roomId,
    callId,
    cluster,
    participantId: ctx.ids.create('participant'),
    agentId: agent.id,
    conversationId: ctx.ids.create('agentConversation'),
    userId,
    name: nameOf(agent, seesScreens),
    seesScreens,
    state: 'requested',
    reason: null,
    worker: null,
    leaseUntil: null,
    createdAt,
    updatedAt: createdAt,
    version: 1,
  };
}

/**
 * Invites an agent into the active call of a room. It answers with the authority and the budget of the person who
 * invites it, and in a conversation of theirs.
 * @param assigned for an agent that joins by itself (`agent-assignments`)
 * @throws AppError `rooms.*`, `moderation.not_moderator`, `agents.*`, `call_agents.*`, `billing.*` or `auth.forbidden`
 */
export async function inviteAgent(
  ctx: Ctx,
  roomId: string,
  { agentId }: InviteAgent,
  assigned?: AssignedJoin,
): Promise<CallAgent> {
  requirePermission(ctx.actor, 'ai:write');
  const userId = requirePerson(ctx.actor);
  const [access] = await requireRoomAccess(ctx, { roomId });
  requireModerator(access);
  const call = requireCall(ctx, access);
  if (assigned && assigned.callId !== call.id) throw callAgentErrors.noCall();
  const published = await getPublishedAgent(ctx, agentId);
  const { agent } = published;
  if (!agent.enabled) throw agentErrors.switchedOff();
  const row = rowOf(ctx, call, published, userId);
  return ctx.commit({
    write: (q) => [
      ...insertCallConversation(q, conversationOf(row, agent)),
      ...insertCallAgent(q, row, seatOf(row)),
      ...(assigned?.write(q) ?? []),
    ],
    audit: {
      action: 'call_agent.invited',
      target: { type: 'room', id: roomId },
      after: {
        callAgentId: row.id,
        agentId,
        callId: call.id,
        seesScreens: row.seesScreens,
        ...(assigned ? { assignmentId: assigned.assignmentId } : {}),
      },
    },
    result: row,
  });
}
