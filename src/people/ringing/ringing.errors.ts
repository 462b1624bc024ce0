import { defineErrors } from '../../kernel/core/index.ts';

export const ringErrors = defineErrors('ringing', {
  notFound: { status: 404, title: 'There is no such ring' },
  personNotFound: { status: 404, title: 'Nobody in the organization is called so' },
  notReachable: { status: 422, title: 'Somebody without an account cannot be rung' },
  self: { status: 422, title: 'Nobody rings themselves' },
  roomEnded: { status: 409, title: 'The room has ended' },
  keptOut: { status: 403, title: 'Who is kept out of a room rings nobody into it' },
  crossed: { status: 409, title: 'They are ringing the caller: accept theirs' },
  alreadyRinging: { status: 409, title: 'The caller is ringing them already' },
  tooMany: { status: 429, title: 'The caller has rung them too often', retryAfterSeconds: 60 },
  over: { status: 409, title: 'The ring is over' },
  notYours: { status: 403, title: 'Only who is rung answers, only who rings cancels' },
});
