import { defineErrors } from '../../kernel/core/index.ts';

export const roomErrors = defineErrors('rooms', {
  notFound: { status: 404, title: 'The room was not found' },
  badSchedule: { status: 422, title: 'The schedule has no occurrence' },
});
