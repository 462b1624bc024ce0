import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { followRecommendation } from './follow-recommendation.ts';
import { followFields } from './recommendations.schemas.ts';

/** The answer of a client to `media.recommended`. */
export const recommendationFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'media.followed',
    summary: 'Report how a recommendation was followed',
    leavesNoRecord: true,
    fields: followFields,
    handle: (ctx, { roomId }, follow) => followRecommendation(ctx, roomId, follow),
  }),
];
