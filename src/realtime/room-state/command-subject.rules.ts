import type { z } from '@hono/zod-openapi';
import type { liveCommandSchema } from '../protocol/index.ts';
import type { LivePerson, RoomState, PersonDecisions } from './room-state.rules.ts';

/** A parsed command, with `by` filled in. */
export type ParsedLiveCommand = z.output<typeof liveCommandSchema>;

/** The room that a command applies to. */
export interface CommandContext {
  state: RoomState;
  /** A person who is or was in the room. */
  person(identity: string): LivePerson | undefined;
  decisionsAbout(identity: string): PersonDecisions;
  nowMs: number;
}

/** Commands that change no state. */
const WITHOUT_SUBJECT = [
  'credential.ended',
  'participant.moved',
  'participant.entered',
  'hands.lower',
  'media.muted',
  'media.recommended',
  'chat.post',
  'chat.delete',
  'moderation.review',
  'data',
  'notice',
] as const;
type CommandWithoutSubject = Extract<ParsedLiveCommand, { type: (typeof WITHOUT_SUBJECT)[number] }>;
const hasNoSubject = (command: ParsedLiveCommand): command is CommandWithoutSubject =>
  (WITHOUT_SUBJECT as readonly string[]).includes(command.type);

type KindWithId = 'breakouts' | 'captions' | 'poll' | 'stream' | 'call';
type CommandWithId = Extract<
  ParsedLiveCommand,
  { type: `${KindWithId}.${string}` | `recording.${'running' | 'over'}` }
>;

/** The subject of a command about a thing in the room that has an id. */
function subjectById(command: CommandWithId): string {
  if ('breakouts' in command) return `breakouts/${command.breakouts.breakoutId}`;
  if ('captions' in command) return `captions/${command.captions.captionId}`;
  if ('poll' in command) return `poll/${command.poll.pollId}`;
  if ('recording' in command) return `recording/${command.recording.recordingId}`;
  return 'stream' in command ? `stream/${command.stream.streamId}` : `call/${command.callId}`;
}

/**
 * The subject of a command's decision: the later of two commands with the same subject wins. Null for a command that
 * changes no state. Subjects are stored, so they must not change.
 */
export function commandSubject(command: ParsedLiveCommand): string | null {
  if (hasNoSubject(command)) return null;
  switch (command.type) {
    case 'participant.role':
      return `role/${command.identity}`;
    case 'participant.removed':
    case 'participant.readmitted':
      return `kept out/${command.identity}`;
    case 'room.locked':
    case 'room.updated':
    case 'room.ended':
    case 'spotlight':
      return command.type;
    case 'lobby.waiting':
      return `lobby/${command.entry.lobbyEntryId}`;
    case 'lobby.decided':
      return `lobby/${command.lobbyEntryId}`;
    case 'breakouts.opened':
    case 'breakouts.updated':
    case 'breakouts.closed':
    case 'poll.opened':
    case 'poll.updated':
    case 'poll.closed':
    case 'recording.running':
    case 'recording.over':
    case 'stream.running':
    case 'stream.over':
    case 'captions.running':
    case 'captions.over':
    case 'call.started':
    case 'call.ended':
      return subjectById(command);
    case 'recording.consent':
      return `recording consent/${command.callId}/${command.identity}`;
  }
}
