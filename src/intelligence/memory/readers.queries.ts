import { and, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm';
import { isShownTo } from '../../rooms/access/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { agents } from '../agents/agents.tables.ts';
import { isAgentShownTo } from '../agents/index.ts';
import type { MemoryScope } from '../memory-scopes/index.ts';
import type { MemoryReader } from './memory.rules.ts';
import { memories, memorySettings } from './memory.tables.ts';

/** The rooms that the reader may see, and from which they were not removed; a condition on `rooms`. */
const isOpenRoom = ({ organizationId, identity, roomViewer }: MemoryReader): SQL =>
  sql`${rooms.organizationId} = ${organizationId} and ${rooms.deletedAt} is null and ${isShownTo(roomViewer) ?? sql`true`}
    and not exists (select from ${roomPeople} where ${roomPeople.roomId} = ${rooms.id}
      and ${roomPeople.identity} = ${identity} and ${roomPeople.removedAt} is not null)`;

/** The agents that the reader may see; a condition on `agents`. */
const isOpenAgent = ({ organizationId, agentAuthor }: MemoryReader): SQL =>
  agentAuthor === undefined
    ? sql`false`
    : and(eq(agents.organizationId, organizationId), isAgentShownTo(agentAuthor))!;

/** Whether the reader, any actor with the permission to read memories, may see a memory. */
export function isReadable(reader: MemoryReader): SQL {
  const { organizationId, userId, now } = reader;
  return and(
    eq(memories.organizationId, organizationId),
    or(isNull(memories.expiresAt), gt(memories.expiresAt, now)),
    or(
      eq(memories.scope, 'organization'),
      userId === null ? undefined : and(eq(memories.scope, 'person'), eq(memories.userId, userId)),
      and(
        eq(memories.scope, 'agent'),
        sql`exists (select from ${agents} where ${agents.id} = ${memories.agentId} and ${isOpenAgent(reader)})`,
      ),
      and(
        eq(memories.scope, 'room'),
        sql`exists (select from ${rooms} where ${rooms.id} = ${memories.roomId} and ${isOpenRoom(reader)})`,
      ),
    ),
  )!;
}

export interface RecallFilter {
  scopes: readonly MemoryScope[];
  /** For the scope `agent`, only memories of this agent. */
  agentId: string | undefined;
  /** For the scope `room`, only memories of this room. */
  roomId: string | undefined;
}

/** The spaces whose memories the reader may see, as an array; the person's own only while their memory is on. */
export function readableSpaces(reader: MemoryReader, { scopes, agentId, roomId }: RecallFilter): SQL {
  const { organizationId, userId } = reader;
  const ofRooms = sql`select 'room:' || ${rooms.id} from ${rooms} where ${isOpenRoom(reader)}
    and exists (select from ${memories} where ${memories.roomId} = ${rooms.id})
    and ${roomId === undefined ? sql`true` : sql`${rooms.id} = ${roomId}`}`;
  const ofAgents = sql`select 'agent:' || ${agents.id} from ${agents} where ${isOpenAgent(reader)}
    and exists (select from ${memories} where ${memories.agentId} = ${agents.id})
    and ${agentId === undefined ? sql`true` : eq(agents.id, agentId)}`;
  const ofPerson = sql`select 'person:' || ${memorySettings.userId} from ${memorySettings} where ${memorySettings.enabled}
    and ${memorySettings.organizationId} = ${organizationId} and ${memorySettings.userId} = ${userId}`;
  const parts = {
    organization: sql`select 'organization'`,
    person: userId === null ? undefined : ofPerson,
    agent: ofAgents,
    room: ofRooms,
  };
  const selected = scopes.map((scope) => parts[scope]).filter((part) => part !== undefined);
  return selected.length === 0
    ? sql`'{}'::text[]`
    : sql`array(${sql.join(selected, sql` union all `)})::text[]`;
}
