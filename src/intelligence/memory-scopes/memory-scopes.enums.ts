/** Whose a memory is: of one person alone, of an agent, of those to whom a room shows, or of the organization. */
export const MEMORY_SCOPES = ['person', 'agent', 'room', 'organization'] as const;
export type MemoryScope = (typeof MEMORY_SCOPES)[number];
