import { callEnded, participantJoined, participantLeft } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { participantRemoved } from '../../rooms/moderation/index.ts';
import { roomDeleted } from '../../rooms/rooms/index.ts';
import { phoneTrunkClosed } from '../phone-trunks/index.ts';
import { advanceAndLook, advancePhoneCall } from './advance-phone-call.ts';
import { followCall, followRoom, followTrunk } from './follow-phone-calls.ts';
import {
  phoneCallChanged,
  phoneCallFollowed,
  phoneCallLookDue,
  phoneTransferRequested,
} from './phone-calls.events.ts';
import { isPhoneIdentity } from './phone-calls.rules.ts';
import { makeTransfer } from './transfer-phone-call.ts';

const advance = async (ctx: Ctx, { phoneCallId }: { phoneCallId: string }) => {
  await advancePhoneCall(ctx, phoneCallId);
};
const advanceParticipant = async (ctx: Ctx, { identity }: { identity: string }) => {
  if (isPhoneIdentity(identity)) await advancePhoneCall(ctx, identity);
};

export const phoneCallSubscriptions: readonly Subscription[] = [
  subscribe(phoneCallChanged, 'phone_calls.advance', async (ctx, { phoneCallId, state }) => {
    // What somebody asked for; the other states come from looks.
    if (state === 'requested' || state === 'ending') await advanceAndLook(ctx, { phoneCallId });
  }),
  subscribe(phoneCallLookDue, 'phone_calls.look', advanceAndLook),
  // It waits for the telephone that the call is transferred to, for up to 25 seconds.
  subscribe(phoneTransferRequested, 'phone_calls.transfer', makeTransfer, { timeLimitSeconds: 40 }),
  subscribe(phoneCallFollowed, 'phone_calls.follow', advance),
  subscribe([participantJoined, participantLeft], 'phone_calls.follow-participant', advanceParticipant),
  subscribe(participantRemoved, 'phone_calls.follow-removal', advanceParticipant),
  subscribe(callEnded, 'phone_calls.follow-call', followCall),
  subscribe(roomDeleted, 'phone_calls.follow-room', followRoom),
  subscribe(phoneTrunkClosed, 'phone_calls.follow-trunk', followTrunk),
];
