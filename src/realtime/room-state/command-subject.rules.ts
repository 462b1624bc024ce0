import type { z } from '@hono/zod-openapi';
import type { liveCommandSchema } from '../protocol/index.ts';
import type { LivePerson, RoomState, PersonDecisions } from './room-state.rules.ts';

/** A command as it is after parsing: `by` is there. */
export type ParsedLiveCommand = z.output<typeof liveCommandSchema>;

/** The room that is told something. */
export interface CommandContext {
  state: RoomState;
  /** Somebody who is or was here. */
  person(identity: string): LivePerson | undefined;
  decisionsAbout(identity: string): PersonDecisions;
  nowMs: number;
}

/**
 * What a command decides about: of two about the same thing the later one stands. Null for those that only make
 * something happen.
 */
export function commandSubject(command: ParsedLiveCommand): string | null {
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
      return `breakouts/${command.breakouts.breakoutId}`;
    case 'poll.opened':
    case 'poll.updated':
    case 'poll.closed':
      return `poll/${command.poll.pollId}`;
    case 'call.started':
    case 'call.ended':
      return `call/${command.callId}`;
    case 'participant.moved':
    case 'hands.lower':
    case 'media.muted':
    case 'data':
    case 'notice':
      return null;
  }
}
