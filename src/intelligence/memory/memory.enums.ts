/** The kinds of sources of a memory. `manual`: its author wrote it. `memory`: it was derived from other memories. */
export const MEMORY_SOURCES = ['manual', 'message', 'file', 'recording', 'transcript', 'memory'] as const;
export type MemorySourceKind = (typeof MEMORY_SOURCES)[number];
