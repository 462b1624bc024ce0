import { defineErrors } from '../../kernel/core/index.ts';

export const questionErrors = defineErrors('call_questions', {
  callNotFound: { status: 404, title: 'The call was not found' },
  notFound: { status: 404, title: 'The question was not found' },
  notThere: { status: 403, title: 'Only moderators and people who were in the call can ask about it' },
  nothingSaid: { status: 409, title: 'Nothing of the call is transcribed yet' },
  chatOff: { status: 409, title: 'The chat of the room is off' },
  tooMany: { status: 409, title: 'The call has reached its limit of questions' },
});
