export { getChangeable } from './change-memory.ts';
export type { MemorySourceKind } from './memory.enums.ts';
export { memoryErrors } from './memory.errors.ts';
export { memoryTextChanged } from './memory.events.ts';
export { forgetOfPerson, forgetOfRoom, forgetOver, selectOrganizationsWithOver } from './forget.queries.ts';
export { presentMemory } from './memory.present.ts';
export {
  changeMemory,
  insertMemories,
  insertSources,
  selectMemoriesByHash,
  selectMemoriesWithin,
  selectMemory,
} from './memory.queries.ts';
export { changeExpiryOfMerged } from './merging.queries.ts';
export {
  type CitedPassage,
  type CitedSource,
  hashesOf,
  laterExpiry,
  type Memory,
  type MemoryReader,
  memoryReaderOf,
  type MemoryRow,
  requireNoWiderAudience,
  requirePerson,
  toMemory,
} from './memory.rules.ts';
export {
  contentSchema,
  expiresAtSchema,
  memoryExample,
  memoryIdSchema,
  memoryParamsSchema,
  memorySchema,
  passageFields,
  scopeSchema,
} from './memory.schemas.ts';
export { isReadable, readableSpaces, type RecallFilter } from './readers.queries.ts';
export { wordQueryOf } from './passages.rules.ts';
export { requireReader } from './read-memories.ts';
export {
  changeSettings,
  type MemorySettings,
  requireSwitchedOn,
  selectSettings,
} from './settings.queries.ts';
export { MOST_VERSIONS, selectVersions } from './versions.queries.ts';
