import { defineErrors } from '../../kernel/core/index.ts';

/** Refusals of the upgrade, as problems; and of frames, as `error` frames with the same codes. */
export const realtimeErrors = defineErrors('realtime', {
  upgradeRequired: { status: 426, title: 'This path is a WebSocket: ask for an upgrade' },
  originNotAllowed: { status: 403, title: 'Pages of this origin may not open sockets' },
  roomNotFound: { status: 404, title: 'The ticket is not for this room' },
  removed: { status: 403, title: 'You were removed from the room' },
  roomEnded: { status: 403, title: 'The room has ended' },
  roomFull: { status: 503, title: 'The room holds no more sockets', retryAfterSeconds: 10 },
  tooManySockets: {
    status: 429,
    title: 'You have too many sockets that do not close',
    retryAfterSeconds: 30,
  },

  malformedFrame: { status: 400, title: 'The frame is not JSON text with a known type' },
  invalidFrame: { status: 400, title: 'The frame does not have the fields of its type' },
  frameTooLarge: { status: 413, title: 'The frame is larger than a socket takes' },
  tooFast: {
    status: 429,
    title: 'Frames, or sockets, come faster than the room takes them',
    retryAfterSeconds: 1,
  },
  busy: {
    status: 429,
    title: 'Earlier frames of this socket are still being worked on',
    retryAfterSeconds: 1,
  },
  helloFirst: { status: 409, title: 'The first frame is hello' },
  helloTwice: { status: 409, title: 'The socket has said hello already' },
  notAllowed: { status: 403, title: 'Your role in the room does not allow this' },
  messageNotFound: { status: 404, title: 'There is no such message in this room' },
  notYourMessage: { status: 403, title: 'The message is somebody else’s' },
  captionFinal: { status: 409, title: 'The segment has its final text' },
  captionStale: { status: 409, title: 'A later version of the segment is known' },
  ticketTooOld: { status: 403, title: 'Tickets are not renewed any longer: ask the API for a new one' },
});
