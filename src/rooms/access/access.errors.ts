import { defineErrors } from '../../kernel/core/index.ts';

/** What a caller may not do because of their relation to the room. */
export const accessErrors = defineErrors('rooms', {
  notManager: { status: 403, title: 'Only a host of the room or an administrator can do this' },
  removed: { status: 403, title: 'You were removed from this room' },
  networkExcluded: { status: 403, title: 'A person from your network was removed from this call' },
  denied: { status: 403, title: 'You have not been admitted to this room', retryAfterSeconds: 60 },
});

export const moderatorErrors = defineErrors('moderation', {
  notModerator: { status: 403, title: 'Only a host or moderator of the room can do this' },
});
