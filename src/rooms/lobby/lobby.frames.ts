import { idSchema } from '../../kernel/core/index.ts';
import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { accessRequestOf } from '../access/index.ts';
import { decideLobby, decideLobbyEntry } from './decide-lobby.ts';

/** The frames of the lobby, for moderators. The live room shows the decisions to everybody concerned. */
export const lobbyFrames: readonly RoomVerb[] = (['admitted', 'denied'] as const).flatMap((decision) => {
  const verb = decision === 'admitted' ? 'admit' : 'deny';
  const summaryVerb = decision === 'admitted' ? 'Admit' : 'Deny';
  return [
    defineRoomVerb({
      type: `lobby.${verb}`,
      summary: `${summaryVerb} a waiting person`,
      fields: { lobbyEntryId: idSchema('lobbyEntry').describe('Id of the lobby entry.') },
      handle: async (ctx, caller, { lobbyEntryId }) => {
        const { id, identity } = await decideLobbyEntry(ctx, accessRequestOf(caller), lobbyEntryId, decision);
        return { lobbyEntryId: id, identity, decision };
      },
    }),
    defineRoomVerb({
      type: `lobby.${verb}_all`,
      summary: `${summaryVerb} everybody waiting`,
      fields: {},
      handle: async (ctx, caller) => ({
        decided: (await decideLobby(ctx, accessRequestOf(caller), decision)).length,
      }),
    }),
  ];
});
