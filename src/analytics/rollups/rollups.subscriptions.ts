import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { organizationUpdated } from '../../identity/organizations/index.ts';
import { callEnded, connectionTimesChanged } from '../../calls/calls/index.ts';
import { measureCall } from './measure-call.ts';
import { followTimeZone } from './refresh-rollups.ts';

export const rollupSubscriptions: readonly Subscription[] = [
  subscribe(callEnded, 'rollups.measure-call', (ctx, { callId }) => measureCall(ctx, callId)),
  subscribe(connectionTimesChanged, 'rollups.measure-times', (ctx, { callId }) => measureCall(ctx, callId)),
  subscribe(organizationUpdated, 'rollups.follow-time-zone', followTimeZone),
];
