import { callEnded, participantJoined, participantLeft } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { participantRemoved } from '../../rooms/moderation/index.ts';
import { roomDeleted } from '../../rooms/rooms/index.ts';
import { phoneNumberChanged } from '../phone-numbers/index.ts';
import { phoneTrunkClosed } from '../phone-trunks/index.ts';
import { advanceAndLook, advancePhoneCall } from './advance-phone-call.ts';
import { followCall, followCaller, followNumber, followRoom, followTrunk } from './follow-phone-calls.ts';
import { phoneCallChanged, phoneCallFollowed, phoneCallLookDue } from './phone-calls.events.ts';
import { isCallerIdentity, isPhoneIdentity } from './phone-calls.rules.ts';

const advance = async (ctx: Ctx, { phoneCallId }: { phoneCallId: string }) => {
  await advancePhoneCall(ctx, phoneCallId);
};
const advanceParticipant = async (ctx: Ctx, { identity }: { identity: string }) => {
  if (isPhoneIdentity(identity)) await advancePhoneCall(ctx, identity);
  else if (isCallerIdentity(identity)) await followCaller(ctx, identity);
};

export const phoneCallSubscriptions: readonly Subscription[] = [
  subscribe(phoneCallChanged, 'phone_calls.advance', async (ctx, { phoneCallId, state }) => {
    // States that somebody asked for; the others come from looks.
    if (state === 'requested' || state === 'ending') await advanceAndLook(ctx, { phoneCallId });
  }),
  subscribe(phoneCallLookDue, 'phone_calls.look', advanceAndLook),
  subscribe(phoneCallFollowed, 'phone_calls.follow', advance),
  subscribe([participantJoined, participantLeft], 'phone_calls.follow-participant', advanceParticipant),
  subscribe(participantRemoved, 'phone_calls.follow-removal', advanceParticipant),
  subscribe(callEnded, 'phone_calls.follow-call', followCall),
  subscribe(roomDeleted, 'phone_calls.follow-room', followRoom),
  subscribe(phoneNumberChanged, 'phone_calls.follow-number', followNumber),
  subscribe(phoneTrunkClosed, 'phone_calls.follow-trunk', followTrunk),
];
