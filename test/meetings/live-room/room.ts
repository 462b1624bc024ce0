import type { LiveCommand, ServerFrame } from '../../../src/meetings/realtime/index.ts';
import type { MemoryLine, MemoryRoom } from '../../support/live-room.ts';

let made = 0;
/** What a client makes up for each frame. */
export const frameId = () => `frame-${++made}-abcdef`;

/** Tells the room what a verb decided, just now unless it says otherwise. */
export function tell(room: MemoryRoom, command: object): void {
  room.tell({ key: frameId(), atMs: room.nowMs, ...command } as unknown as LiveCommand);
}

/** Says a frame with an id of its own. @returns its ack or error, once that came without waiting for anything */
export function ask(
  room: MemoryRoom,
  line: MemoryLine,
  frame: { id?: string; type: string; [field: string]: unknown },
) {
  const id = frame.id ?? frameId();
  room.say(line, { ...frame, id });
  return answerTo(line, id);
}

/** The last ack or error of a frame. */
export function answerTo(line: MemoryLine, id: string) {
  const text = line.received.findLast((each) => each.includes(id) && /^{"type":"(ack|error)"/.test(each));
  return text === undefined
    ? undefined
    : (JSON.parse(text) as Extract<ServerFrame, { type: 'ack' | 'error' }>);
}

export const send = (room: MemoryRoom, line: MemoryLine, text: string, rest: object = {}) =>
  ask(room, line, { type: 'chat.send', text, ...rest });

/** The id of the message that an ack tells of. */
export function messageIdIn(ack: unknown): string {
  return (ack as { result: { messageId: string } }).result.messageId;
}
