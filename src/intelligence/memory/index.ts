export { getChangeable } from './change-memory.ts';
export { MEMORY_SCOPES } from './memory.enums.ts';
export { memoryErrors } from './memory.errors.ts';
export { memoryTextChanged } from './memory.events.ts';
export { forgetOfPerson, forgetOfRoom, forgetOver, selectOrganizationsWithOver } from './forget.queries.ts';
export { presentMemory } from './memory.present.ts';
export { readableSpaces, type RecallFilter, selectMemoriesWithin, selectMemory } from './memory.queries.ts';
export {
  hashesOf,
  type Memory,
  type MemoryReader,
  type MemoryRow,
  requirePerson,
  toMemory,
} from './memory.rules.ts';
export { memoryExample, memoryIdSchema, memoryParamsSchema, memorySchema } from './memory.schemas.ts';
export { wordQueryOf } from './passages.rules.ts';
export { requireReader } from './read-memories.ts';
export { storeMemories } from './store-memories.ts';
export {
  changeSettings,
  type MemorySettings,
  requireSwitchedOn,
  selectSettings,
} from './settings.queries.ts';
export { MOST_VERSIONS, selectVersions } from './versions.queries.ts';
