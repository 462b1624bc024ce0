/**
 * The kinds of sources of a memory. `manual`: its author wrote it. `memory`: it was derived from other memories. `agent_message`: it was said in a
 * conversation with an agent.
 */
export const MEMORY_SOURCES = [
  'manual',
  'message',
  'file',
  'recording',
  'transcript',
  'memory',
  'agent_message',
] as const;
export type MemorySourceKind = (typeof MEMORY_SOURCES)[number];
