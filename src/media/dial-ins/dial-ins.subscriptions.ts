import { callEnded, callStarted, participantJoined } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { participantRoleChanged } from '../../rooms/moderation/index.ts';
import { roomDeleted, roomEnded, roomUpdated } from '../../rooms/rooms/index.ts';
import { isCallerIdentity } from '../phone-calls/index.ts';
import { phoneNumberChanged } from '../phone-numbers/index.ts';
import { advanceDialIn } from './advance-dial-in.ts';
import { dialInChanged, dialInFollowed } from './dial-ins.events.ts';
import { followCall, followNewcomer, followNumbers } from './follow-dial-ins.ts';
import { receiveCaller } from './receive-caller.ts';

const advance = (ctx: Ctx, { roomId }: { roomId: string }) => advanceDialIn(ctx, roomId);

export const dialInSubscriptions: readonly Subscription[] = [
  subscribe(dialInChanged, 'dial_ins.advance', advance),
  subscribe(dialInFollowed, 'dial_ins.look', advance),
  subscribe([roomUpdated, roomEnded, roomDeleted], 'dial_ins.follow-room', advance),
  subscribe([callStarted, callEnded], 'dial_ins.follow-call', followCall),
  subscribe(phoneNumberChanged, 'dial_ins.follow-numbers', followNumbers),
  subscribe(participantRoleChanged, 'dial_ins.follow-role', followNewcomer),
  subscribe(
    participantJoined,
    'dial_ins.receive',
    (ctx, joined) =>
      isCallerIdentity(joined.identity) ? receiveCaller(ctx, joined) : followNewcomer(ctx, joined),
    { prompt: true },
  ),
];
