import type { Ctx } from '../../kernel/context/index.ts';
import { accessErrors } from '../access/index.ts';
import { isOpenToGuest } from '../links/index.ts';
import { admissionErrors } from './admission.errors.ts';
import type { LinkOfPerson } from './admission.queries.ts';
import { activeLobbyEntry, type AdmissionState } from './admission.rules.ts';
import { openCallOf } from './prepare-seat.ts';

interface GuestState extends AdmissionState {
  link: LinkOfPerson | null;
  hadSeat: boolean;
}

/**
 * The basis of a guest's ticket. A link for one call admits to that call only. A guest who never had a seat in the room
 * needs a link that still admits newcomers, or to be admitted from the lobby; people who were in return without it.
 * @throws AppError `rooms.ended` or `rooms.denied`
 */
export function requireGuestLink({ actor, clock, ports }: Ctx, state: GuestState): void {
  if (actor.kind !== 'guest') return;
  const { room, link, hadSeat } = state;
  const nowMs = clock.now();
  const isForOneCall = link?.roomId === room.id && link.callId !== null;
  if (isForOneCall && link.callId !== openCallOf(ports, state)?.id)
    throw admissionErrors.ended({ detail: 'the call of the link is over' });
  if (hadSeat || activeLobbyEntry(state, nowMs)?.status === 'admitted') return;
  if (!link || !isOpenToGuest(link, nowMs))
    throw accessErrors.denied({ detail: 'the link admits nobody any longer' });
}
