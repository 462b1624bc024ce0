/** The people for whom a memory is: one person alone, those who may see an agent or a room, or the organization. */
export const MEMORY_SCOPES = ['person', 'agent', 'room', 'organization'] as const;
export type MemoryScope = (typeof MEMORY_SCOPES)[number];
