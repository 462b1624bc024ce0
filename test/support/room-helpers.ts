import type { LiveCommand, RoomServerFrame } from '../../src/realtime/protocol/index.ts';
import type { MemoryRoom } from './memory-room.ts';
import type { MemorySocket } from './memory-socket.ts';

let frameCount = 0;
/** A new id for a frame. */
export const createFrameId = () => `frame-${++frameCount}-abcdef`;

/** Sends the room a command of a verb, decided now unless `atMs` is given. */
export function applyCommand(room: MemoryRoom, command: object): void {
  room.apply({ key: createFrameId(), atMs: room.nowMs, ...command } as unknown as LiveCommand);
}

/** Sends a frame with a new id. @returns its ack or error, which must arrive without waiting */
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

/** The id of the message in an ack. */
export function messageIdIn(ack: unknown): string {
  return (ack as { result: { messageId: string } }).result.messageId;
}
