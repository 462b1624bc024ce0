export { CaptionProgress } from './captions.ts';
export { type ParsedLiveCommand, commandSubject } from './command.rules.ts';
export { NamedDueList } from './due-list.ts';
export { RoomEventLog, REPLAY_LIMITS } from './event-log.ts';
export type { FrameSource } from './event-memory.ts';
export { toHiddenText, isChatEvent, type MessageTrace, type WrittenEvent } from './hidden.rules.ts';
export { type Audience, toIsoTime, type RoomOutcome, createOutcome } from './outcome.rules.ts';
export { SqlKeyValues, type Sql } from './sql.ts';
export {
  isInRoom,
  isHidden,
  hasModeratorRole,
  lobbyView,
  canUseFeature,
  type LivePerson,
  personView,
  rosterView,
  stateView,
  youView,
} from './state.rules.ts';
export { StateStore } from './state-store.ts';
export { type MessageSummary, type LocalFrame, decideFrame } from './step.rules.ts';
export { roleChangeEvents } from './tell-people.rules.ts';
export { decideCommand } from './tell.rules.ts';
