import { defineErrors } from '../../kernel/core/index.ts';

/** Refusals of any socket: of the handshake as problems, of frames as `error` frames with the same codes. */
export const socketErrors = defineErrors('realtime', {
  upgradeRequired: { status: 426, title: 'This path needs a WebSocket upgrade' },
  originNotAllowed: { status: 403, title: 'Pages of this origin may not open sockets' },
  malformedFrame: { status: 400, title: 'The frame is not JSON text of a known type' },
  invalidFrame: { status: 400, title: 'The fields of the frame are not valid' },
  frameTooLarge: { status: 413, title: 'The frame is too large' },
  tooFast: { status: 429, title: 'Too many frames or connections', retryAfterSeconds: 1 },
  helloFirst: { status: 409, title: 'The first frame must be hello' },
  helloTwice: { status: 409, title: 'hello was already sent on this socket' },
});
