/** Whose a memory is: of one person alone, of those to whom a room shows, or of the organization. */
export const MEMORY_SCOPES = ['person', 'room', 'organization'] as const;
export type MemoryScope = (typeof MEMORY_SCOPES)[number];

/** What a memory can come from. `manual`: its author said it. `memory`: it was derived from other memories. */
export const MEMORY_SOURCES = ['manual', 'message', 'file', 'recording', 'memory'] as const;
export type MemorySourceKind = (typeof MEMORY_SOURCES)[number];
