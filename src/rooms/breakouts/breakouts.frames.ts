import { accessRequestOf } from '../access/index.ts';
import { defineRoomVerb, type RoomVerb } from '../../realtime/protocol/index.ts';
import { breakoutParamsSchema, chooseGroupSchema } from './breakouts.schemas.ts';
import { chooseGroup } from './choose-group.ts';
import { recallPeople } from './recall-people.ts';

const { breakoutId } = breakoutParamsSchema.shape;

export const breakoutFrames: readonly RoomVerb[] = [
  defineRoomVerb({
    type: 'breakouts.choose',
    summary: 'Join a breakout room',
    fields: { breakoutId, ...chooseGroupSchema.shape },
    handle: (ctx, caller, { breakoutId: id, roomId }) =>
      chooseGroup(ctx, accessRequestOf(caller), id, { roomId }),
  }),
  defineRoomVerb({
    type: 'breakouts.recall',
    summary: 'Close breakout rooms',
    fields: { breakoutId },
    handle: (ctx, caller, fields) => recallPeople(ctx, accessRequestOf(caller), fields.breakoutId),
  }),
];
