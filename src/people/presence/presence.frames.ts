import { defineInboxVerb, type InboxVerb } from '../inbox/index.ts';
import { subscribeToPresence } from './read-presence.ts';
import { setPresence } from './set-presence.ts';

/** The presence frames of the inbox socket. */
export const presenceFrames: readonly InboxVerb[] = [
  defineInboxVerb({
    type: 'presence.set',
    permission: null,
    async handle(ctx, { status, message, expiresAt }) {
      await setPresence(ctx, { status, message, expiresAt });
      return undefined;
    },
  }),
  defineInboxVerb({
    type: 'presence.subscribe',
    permission: 'contacts:read',
    handle: async (ctx, { userIds }) => ({
      type: 'presence.list',
      people: await subscribeToPresence(ctx, userIds),
    }),
  }),
];
