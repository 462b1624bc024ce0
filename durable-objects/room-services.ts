import type { KeepAlive, Services } from '../src/kernel/context/index.ts';
import { readChangedRules } from '../src/intelligence/moderation-policies/index.ts';
import { holdMessage, takeBackHeld } from '../src/intelligence/moderation-reviews/index.ts';
import { findFilesToShow, findMessage, listMessages, storeChatEvents } from '../src/messaging/chat/index.ts';
import { selectNothing } from '../src/kernel/db/index.ts';
import {
  actorOfTicket,
  callRoomVerb,
  type OwnRoom,
  ROOM_TICKET_SECONDS,
  signRoomTicket,
} from '../src/realtime/protocol/index.ts';
import type { RoomKey, RoomServices } from '../src/realtime/room-session/index.ts';
import { openSocketCtx } from '../src/realtime/sockets/index.ts';

/** What a live room needs from the rest of the product. */
export function createRoomServices(services: Services, room: OwnRoom, keepAlive: KeepAlive): RoomServices {
  const openSystemCtx = ({ organizationId }: RoomKey) =>
    openSocketCtx(services, { kind: 'system', name: 'live-room', organizationId }, keepAlive);
  return {
    log: services.log,
    proveCredential: async (holder) => {
      const actor = actorOfTicket(holder);
      if (actor) await openSocketCtx(services, actor, keepAlive).read((q) => [selectNothing(q)]);
    },
    signTicket: (claims, sinceMs) => signRoomTicket(services.signer, claims, ROOM_TICKET_SECONDS, sinceMs),
    persistChat: (key, events) => storeChatEvents(openSystemCtx(key), key.roomId, events),
    readChat: (key, query) => listMessages(openSystemCtx(key), key.roomId, query),
    findMessage: (key, messageId) => findMessage(openSystemCtx(key), key.roomId, messageId),
    findFiles: (key, identity, fileIds) => findFilesToShow(openSystemCtx(key), key.roomId, identity, fileIds),
    readRules: (key, known) => readChangedRules(openSystemCtx(key), key.roomId, known),
    holdMessage: (key, message) => holdMessage(openSystemCtx(key), key.roomId, message),
    takeBackHeld: (key, message) => takeBackHeld(openSystemCtx(key), key.roomId, message),
    callVerb: (verb, caller, frame) => callRoomVerb(services, verb, caller, frame, room, keepAlive),
  };
}
