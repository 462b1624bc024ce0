import {
  MAX_ASKED_LANGUAGES,
  type RoomBaseFrame,
  realtimeErrors,
  type TransientFrame,
} from '../protocol/index.ts';
import type { CommandContext, ParsedLiveCommand } from './command-subject.rules.ts';
import { createOutcome, NO_OUTCOME, type RoomOutcome } from './outcome.rules.ts';
import { canUseFeature, isInRoom, type LivePerson, type RoomState } from './room-state.rules.ts';

type FrameOf<T extends RoomBaseFrame['type']> = Extract<RoomBaseFrame, { type: T }>;
type CaptionRequests = Omit<Extract<TransientFrame, { type: 'captions.asked' }>, 'type'>;
type CommandOf<T extends ParsedLiveCommand['type']> = Extract<ParsedLiveCommand, { type: T }>;

interface CaptionContext {
  state: RoomState;
  /** The last version of the segment, and whether it was the final one. */
  lookups: { captionVersion: number; captionFinal: boolean };
}

/** The language in which somebody gets captions beside the one that is spoken; null for none. */
function languageFor(person: LivePerson, { facts }: RoomState): string | null {
  const { captionLanguage: language = null } = person;
  const isOffered = language !== null && facts.captions?.languages.includes(language) === true;
  return isOffered && isInRoom(person) && canUseFeature(person, facts, 'captions') ? language : null;
}

/** The languages that people in the room ask for, each once. */
function askedLanguages(state: RoomState): string[] {
  if (!state.facts.captions) return [];
  const asked = [...state.people.values()].flatMap((person) => languageFor(person, state) ?? []);
  return [...new Set(asked)].toSorted();
}

/** The spoken language that somebody listens to; null for none. */
function spokenFor(person: LivePerson, { facts }: RoomState): string | null {
  const { spokenLanguage: language = null } = person;
  const isOffered = language !== null && facts.captions?.spoken?.includes(language) === true;
  return isOffered && isInRoom(person) && canUseFeature(person, facts, 'captions') ? language : null;
}

/** The identities that listen to a spoken language. */
const listenersTo = (state: RoomState, language: string): string[] =>
  [...state.people.values()]
    .filter((person) => spokenFor(person, state) === language)
    .map(({ identity }) => identity)
    .toSorted();

/** What people in the room ask captions for. */
export function captionRequests(state: RoomState): CaptionRequests {
  const spoken = state.facts.captions?.spoken ?? [];
  const listeners = spoken.map((language) => ({ language, identities: listenersTo(state, language) }));
  return {
    languages: askedLanguages(state),
    listeners: listeners.filter(({ identities }) => identities.length > 0),
  };
}

/** The agents in the room, which learn what is asked for. */
export const agentsIn = ({ people }: RoomState): string[] =>
  [...people.values()]
    .filter(({ role }) => role === 'agent')
    .filter(isInRoom)
    .map(({ identity }) => identity);

/** @throws AppError `realtime.captions_not_offered`, `realtime.too_many_languages` */
function askForCaptions(
  { language }: FrameOf<'captions.ask'>,
  person: LivePerson,
  state: RoomState,
): RoomOutcome {
  if (!canUseFeature(person, state.facts, 'captions')) throw realtimeErrors.notAllowed();
  if (language === (person.captionLanguage ?? null)) return NO_OUTCOME;
  const { identity } = person;
  const value = { ...person, captionLanguage: language };
  if (language !== null) {
    if (!state.facts.captions?.languages.includes(language)) throw realtimeErrors.captionsNotOffered();
    const after = { ...state, people: new Map([...state.people, [identity, value]]) };
    if (askedLanguages(after).length > MAX_ASKED_LANGUAGES) throw realtimeErrors.tooManyLanguages();
  }
  return createOutcome({ changes: [{ record: 'person', id: identity, value }] });
}

/** @throws AppError `realtime.captions_not_offered` */
function listenToCaptions(
  { language }: FrameOf<'captions.listen'>,
  person: LivePerson,
  { facts }: RoomState,
): RoomOutcome {
  if (!canUseFeature(person, facts, 'captions')) throw realtimeErrors.notAllowed();
  if (language === (person.spokenLanguage ?? null)) return NO_OUTCOME;
  if (language !== null && !facts.captions?.spoken?.includes(language))
    throw realtimeErrors.captionsNotOffered();
  const value = { ...person, spokenLanguage: language };
  return createOutcome({ changes: [{ record: 'person', id: person.identity, value }] });
}

/** Those who listen to a language learn that a translation was not spoken. */
function showSkipped(
  { language, reason }: FrameOf<'captions.skipped'>,
  { identity, role }: LivePerson,
  state: RoomState,
): RoomOutcome {
  if (role !== 'agent') throw realtimeErrors.notAllowed();
  const identities = listenersTo(state, language);
  if (identities.length === 0) return NO_OUTCOME;
  const frame = { type: 'captions.skipped', language, reason, identity } as const;
  return createOutcome({ transient: [{ to: { kind: 'identities', identities }, frame }] });
}

/** A partial caption is transient; the final one is an event and ends its segment. @throws AppError `realtime.*` */
function showCaption(
  frame: FrameOf<'caption'>,
  person: LivePerson,
  { state, lookups }: CaptionContext,
): RoomOutcome {
  if (person.role !== 'agent' || !canUseFeature(person, state.facts, 'captions'))
    throw realtimeErrors.notAllowed();
  if (lookups.captionFinal) throw realtimeErrors.captionFinal();
  if (frame.version <= lookups.captionVersion) throw realtimeErrors.captionStale();
  const { final, type: _type, id: _id, ...fields } = frame;
  const captionText = { ...fields, identity: person.identity };
  return final
    ? createOutcome({ events: [{ type: 'caption.final', ...captionText }] })
    : createOutcome({
        transient: [{ to: { kind: 'all' }, frame: { type: 'caption.partial', ...captionText } }],
      });
}

/** A translation goes to those who ask for its language, and is not stored. */
function showTranslation(
  frame: FrameOf<'caption.translation'>,
  person: LivePerson,
  state: RoomState,
): RoomOutcome {
  if (person.role !== 'agent' || !canUseFeature(person, state.facts, 'captions'))
    throw realtimeErrors.notAllowed();
  const { type: _type, id: _id, ...fields } = frame;
  const asking = [...state.people.values()].filter((each) => languageFor(each, state) === frame.language);
  if (asking.length === 0) return NO_OUTCOME;
  const to = { kind: 'identities', identities: asking.map(({ identity }) => identity) } as const;
  return createOutcome({
    transient: [{ to, frame: { type: 'caption.translated', ...fields, identity: person.identity } }],
  });
}

/** @throws AppError `realtime.*` when the frame is refused */
export function decideCaptionFrame(
  frame: FrameOf<`caption${string}` & RoomBaseFrame['type']>,
  person: LivePerson,
  room: CaptionContext,
): RoomOutcome {
  switch (frame.type) {
    case 'caption':
      return showCaption(frame, person, room);
    case 'caption.translation':
      return showTranslation(frame, person, room.state);
    case 'captions.ask':
      return askForCaptions(frame, person, room.state);
    case 'captions.listen':
      return listenToCaptions(frame, person, room.state);
    case 'captions.skipped':
      return showSkipped(frame, person, room.state);
  }
}

/** Shows that captions are on, with their languages, or that they are off. */
export function changeCaptions(
  command: CommandOf<'captions.running' | 'captions.over'>,
  { state: { facts } }: CommandContext,
): RoomOutcome {
  const { type } = command;
  const current = facts.captions;
  const toOutcome = (captions: typeof current, event: RoomOutcome['events'][number]) =>
    createOutcome({ changes: [{ record: 'facts', value: { ...facts, captions } }], events: [event] });
  if (type === 'captions.over') {
    const { captionId } = command.captions;
    return current?.captionId === captionId ? toOutcome(undefined, { type, captionId }) : NO_OUTCOME;
  }
  const { captions } = command;
  return JSON.stringify(captions) === JSON.stringify(current)
    ? NO_OUTCOME
    : toOutcome(captions, { type, captions });
}
