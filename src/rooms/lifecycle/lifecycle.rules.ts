import type { LiveCommand } from '../../realtime/protocol/index.ts';
import type { Room } from '../rooms/index.ts';

/** How many seconds before the longest duration of a call is reached its participants are warned. */
export const ENDING_NOTICE_SECONDS = 120;

/** Warns the people in a call that it ends soon; its key makes it one warning per call. */
export function endingSoonCommand(callId: string, endsAtMs: number, nowMs: number): LiveCommand {
  const seconds = Math.max(0, Math.round((endsAtMs - nowMs) / 1000));
  return {
    type: 'notice',
    key: `${callId}:out_of_time:${endsAtMs}`,
    atMs: nowMs,
    by: null,
    level: 'warning',
    code: 'call.out_of_time',
    text: `The call reaches its longest duration and ends in ${seconds} s`,
    to: null,
  };
}

/** Warns somebody who is alone in a call that it ends soon; a later end is another warning. */
export function aloneCommand(callId: string, endsAtMs: number, nowMs: number): LiveCommand {
  const seconds = Math.max(0, Math.round((endsAtMs - nowMs) / 1000));
  return {
    type: 'notice',
    key: `${callId}:alone:${endsAtMs}`,
    atMs: nowMs,
    by: null,
    level: 'warning',
    code: 'call.alone',
    text: `Nobody else is in the call; it ends in ${seconds} s unless somebody joins`,
    to: null,
  };
}

/** Whether the settings of a room keep people in its lobby; those who no longer have to wait are admitted. */
export const keepsWaiting = ({
  status,
  locked,
  lobby,
  waitForHost,
}: Pick<Room, 'status' | 'locked' | 'lobby' | 'waitForHost'>): boolean =>
  status !== 'open' || locked || lobby || waitForHost;
