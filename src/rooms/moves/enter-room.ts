import { issueGuestTicket } from '../../identity/access/index.ts';
import { credentialOf, type Ctx } from '../../kernel/context/index.ts';
import { disabledFeaturesOf } from '../access/index.ts';
import { admissionStateOf, admitApplicant, selectAdmissionState } from '../admission/index.ts';
import { actorOfTicket, type TicketHolder, verifyRoomTicket } from '../../realtime/protocol/index.ts';
import { roomErrors } from '../rooms/index.ts';
import { leaveOldRoom } from './apply-moves.ts';
import { moveErrors } from './moves.errors.ts';
import { selectMoves, markEntered } from './moves.queries.ts';
import { isMoveUsed, type Move } from './moves.rules.ts';
import type { MovedAdmissionView, EnterRoom } from './moves.schemas.ts';

async function createGuestCredential(ctx: Ctx, { kind, identity, linkId, ...move }: Move) {
  if (kind !== 'guest' || linkId === null) return { guestTicket: null, guestTicketExpiresAt: null };
  const { organizationId, roomId, name } = move;
  return issueGuestTicket(ctx, { guestId: identity, organizationId, roomId, linkId, name });
}

/** The ticket is the credential, so each batch proves the session or API key behind it. */
function scopeOfHolder({ clock }: Ctx, holder: TicketHolder) {
  const { organizationId, identity: userId } = holder;
  const actor = actorOfTicket(holder);
  const credential = actor ? credentialOf(actor, false, clock) : undefined;
  return { role: 'app', organizationId, userId, credential } as const;
}

/**
 * Admits a person who was moved to a room, past its lock and lobby; again while the move lasts. The ticket from
 * their socket identifies them: they may have no credential of their own.
 * @throws AppError `auth.invalid_token`, `auth.outdated_token`, `auth.expired_token`, `moves.not_found`, `rooms.*`,
 * `billing.limit_reached` for a new call when the plan has no minutes left, `clusters.not_configured`, or `request.stale`
 */
export async function enterRoom(
  ctx: Ctx,
  roomId: string,
  { ticket, recordingConsent }: EnterRoom,
): Promise<MovedAdmissionView> {
  const holder = await verifyRoomTicket(ctx.signer, ticket);
  if (holder.roomId !== roomId) throw roomErrors.notFound();
  const { organizationId, identity } = holder;
  const scope = scopeOfHolder(ctx, holder);
  const [[moved], [row]] = await ctx.read(
    (q) => [
      selectMoves(q, organizationId, roomId, [identity]),
      selectAdmissionState(q, organizationId, roomId, identity),
    ],
    scope,
  );
  const now = new Date(ctx.clock.now());
  if (!moved || moved.move.expiresAt <= now) throw moveErrors.notFound();
  const { move } = moved;
  const state = admissionStateOf(row);
  if (isMoveUsed(moved, state)) throw moveErrors.notFound();
  const { kind, userId, linkId, name } = move;
  const admission = await admitApplicant(ctx, {
    state,
    applicant: {
      identity,
      kind,
      name,
      userId,
      linkId,
      credential: holder.credential,
      role: state.person?.role ?? move.role,
      extraRoles: [],
      needsApproval: false,
      passesLobby: true,
      recordingConsent,
      disabledFeatures: disabledFeaturesOf(moved.switches),
    },
    scope,
    additional: { write: (q) => [markEntered(q, move, now)] },
  });
  if (admission.status === 'waiting') throw moveErrors.notFound();
  // After a repeated entry they may be back in the old room by themselves.
  if (!move.enteredAt) await leaveOldRoom(ctx, moved);
  return { ...admission, ...(await createGuestCredential(ctx, move)) };
}
