import type { MemoryScope } from './memory-scopes.enums.ts';

/** The owner of stored memories. */
export interface MemoryOwner {
  scope: MemoryScope;
  /** Scope and owner as one text: memories of different spaces are never mixed. */
  space: string;
  /** Only for the scope `person`; the others likewise. */
  userId: string | null;
  agentId: string | null;
  roomId: string | null;
}

type OwnerIds = Pick<MemoryOwner, 'userId' | 'agentId' | 'roomId'>;

const SPACES: Record<MemoryScope, (ids: OwnerIds) => string> = {
  person: ({ userId }) => `person:${userId}`,
  agent: ({ agentId }) => `agent:${agentId}`,
  room: ({ roomId }) => `room:${roomId}`,
  organization: () => 'organization',
};

export function ownerOf(
  scope: MemoryScope,
  { userId = null, agentId = null, roomId = null }: Partial<OwnerIds> = {},
): MemoryOwner {
  const ids = { userId, agentId, roomId };
  return { scope, space: SPACES[scope](ids), ...ids };
}
