import { defineErrors } from '../../kernel/core/index.ts';

export const lobbyErrors = defineErrors('lobby', {
  notFound: { status: 404, title: 'There is no such lobby entry' },
  notModerator: { status: 403, title: 'Only a host or moderator of the room may do this' },
  decided: { status: 409, title: 'The lobby entry was decided already' },
});
