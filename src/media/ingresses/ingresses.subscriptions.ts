import { callEnded, callStarted } from '../../calls/calls/index.ts';
import { ingressReported } from '../../calls/sync/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { participantRemoved } from '../../rooms/moderation/index.ts';
import { roomDeleted } from '../../rooms/rooms/index.ts';
import { advanceIngress } from './advance-ingress.ts';
import { followCall, followRoom, removeAtCluster } from './follow-ingresses.ts';
import { ingressChanged, ingressFollowed, ingressReleased } from './ingresses.events.ts';
import { isIngressIdentity } from './ingresses.rules.ts';

const advance = async (ctx: Ctx, { ingressId }: { ingressId: string }) => {
  await advanceIngress(ctx, ingressId);
};

export const ingressSubscriptions: readonly Subscription[] = [
  subscribe(ingressChanged, 'ingresses.advance', advance),
  subscribe(ingressFollowed, 'ingresses.look', advance),
  subscribe(ingressReleased, 'ingresses.remove', removeAtCluster),
  subscribe([ingressReported, callStarted, callEnded], 'ingresses.follow', followCall),
  subscribe(roomDeleted, 'ingresses.follow-room', followRoom),
  subscribe(participantRemoved, 'ingresses.follow-removal', async (ctx, { identity }) => {
    if (isIngressIdentity(identity)) await advanceIngress(ctx, identity);
  }),
];
