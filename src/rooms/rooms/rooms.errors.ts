import { defineErrors } from '../../kernel/core/index.ts';

export const roomErrors = defineErrors('rooms', {
  notFound: { status: 404, title: 'There is no such room' },
  notManager: { status: 403, title: 'Only a host of the room or an administrator may do this' },
  badSchedule: { status: 422, title: 'The schedule can never happen' },
});
