import type { LiveCommand, RoomServerFrame } from '../../src/realtime/protocol/index.ts';
import type { MemoryRoom } from './memory-room.ts';
import type { MemorySocket } from './memory-socket.ts';

let frameCount = 0;
/** What a client makes up for each frame. */
export const createFrameId = () => `frame-${++frameCount}-abcdef`;

/** Tells the room what a verb decided, just now unless it says otherwise. */
export function applyCommand(room: MemoryRoom, command: object): void {
  room.apply({ key: createFrameId(), atMs: room.nowMs, ...command } as unknown as LiveCommand);
}

/** Says a frame with an id of its own. @returns its ack or error, once that came without waiting for anything */
export function sendForAnswer(
  room: MemoryRoom,
  socket: MemorySocket,
  frame: { id?: string; type: string; [field: string]: unknown },
) {
  const id = frame.id ?? createFrameId();
  room.send(socket, { ...frame, id });
  return findAnswer(socket, id);
}

/** The last ack or error of a frame. */
export function findAnswer(socket: MemorySocket, id: string) {
  const text = socket.texts.findLast((each) => each.includes(id) && /^{"type":"(ack|error)"/.test(each));
  return text === undefined
    ? undefined
    : (JSON.parse(text) as Extract<RoomServerFrame, { type: 'ack' | 'error' }>);
}

export const sendChat = (room: MemoryRoom, socket: MemorySocket, text: string, rest: object = {}) =>
  sendForAnswer(room, socket, { type: 'chat.send', text, ...rest });

/** The id of the message that an ack tells of. */
export function messageIdIn(ack: unknown): string {
  return (ack as { result: { messageId: string } }).result.messageId;
}
