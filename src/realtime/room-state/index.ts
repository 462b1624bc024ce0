export { agentsIn, captionRequests } from './captions.rules.ts';
export { applyTraces } from './chat-page.rules.ts';
export { type ParsedLiveCommand, commandSubject } from './command-subject.rules.ts';
export { decideCommand } from './commands.rules.ts';
export { type LocalFrame, type MessageSummary, decideFrame } from './frames.rules.ts';
export { type MessageTrace, type WrittenEvent, isChatEvent, toHiddenText } from './logged-events.rules.ts';
export { isCaptionSignal, MAX_UNFINISHED_CAPTIONS, signalOf, takeBackFrame } from './signals.rules.ts';
export { type Audience, type RoomOutcome, createOutcome, toIsoTime } from './outcome.rules.ts';
export { type Reaction } from './reactions.rules.ts';
export { clearSpotlight, roleChangeEvents } from './people-commands.rules.ts';
export {
  EMPTY_FACTS,
  type LivePerson,
  type LobbyRecord,
  NO_DECISIONS,
  type PersonDecisions,
  type RoomFacts,
  type RoomState,
  type RoomStateChange,
  canUseFeature,
  hasModeratorRole,
  isHidden,
  isInRoom,
  lobbyView,
  pendingMoveOf,
  personView,
  rosterView,
  stateView,
  unknownCredentialOf,
  youView,
} from './room-state.rules.ts';
