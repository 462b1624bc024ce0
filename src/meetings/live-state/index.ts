export { Captions } from './captions.ts';
export { type Command, thingOf } from './command.rules.ts';
export { DueList } from './due-list.ts';
export { EventLog, HISTORY } from './event-log.ts';
export type { Source, Trace } from './event-memory.ts';
export { hiddenText, isOfChat, type Written } from './hidden.rules.ts';
export { type Audience, iso, type Outcome, outcome } from './outcome.rules.ts';
export { Meta, type Sql } from './sql.ts';
export {
  isHere,
  isHidden,
  isModerator,
  lobbyView,
  mayUse,
  type Person,
  personView,
  rosterView,
  stateView,
  youView,
} from './state.rules.ts';
export { StateStore } from './state-store.ts';
export { type KnownMessage, type LocalFrame, step } from './step.rules.ts';
export { roleEvents } from './tell-people.rules.ts';
export { tell } from './tell.rules.ts';
