import { defineErrors } from '../../kernel/core/index.ts';

export const lobbyErrors = defineErrors('lobby', {
  notFound: { status: 404, title: 'The lobby entry was not found' },
  notModerator: { status: 403, title: 'Only a host or moderator of the room can do this' },
  decided: { status: 409, title: 'The lobby entry was already decided' },
});
