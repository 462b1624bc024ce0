import { idSchema } from '../../kernel/core/index.ts';
import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { accessRequestOf } from '../access/index.ts';
import { decideLobby, decideLobbyEntry } from './decide-lobby.ts';

/** The frames of the lobby, for who moderates: what comes of them everybody concerned is told by the room. */
export const lobbyFrames: readonly RoomVerb[] = (['admitted', 'denied'] as const).flatMap((decision) => {
  const verb = decision === 'admitted' ? 'admit' : 'deny';
  const summaryVerb = decision === 'admitted' ? 'Let in' : 'Turn away';
  return [
    defineRoomVerb({
      type: `lobby.${verb}`,
      summary: `${summaryVerb} somebody who waits in the lobby`,
      fields: { lobbyEntryId: idSchema('lobbyEntry') },
      handle: async (ctx, caller, { lobbyEntryId }) => {
        const { id, identity } = await decideLobbyEntry(ctx, accessRequestOf(caller), lobbyEntryId, decision);
        return { lobbyEntryId: id, identity, decision };
      },
    }),
    defineRoomVerb({
      type: `lobby.${verb}_all`,
      summary: `${summaryVerb} everybody who waits in the lobby`,
      fields: {},
      handle: async (ctx, caller) => ({
        decided: (await decideLobby(ctx, accessRequestOf(caller), decision)).length,
      }),
    }),
  ];
});
