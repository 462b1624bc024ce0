import { defineErrors } from '../../kernel/core/index.ts';

export const teamErrors = defineErrors('teams', {
  notFound: { status: 404, title: 'The team was not found' },
  tooMany: { status: 409, title: 'The organization has reached its limit of teams' },
});
