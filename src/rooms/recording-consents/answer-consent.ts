import type { Ctx } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import {
  requesterIdentity,
  requireRoomAccess,
  requireAdmitted,
  type RoomAccessRequest,
} from '../access/index.ts';
import { recordingConsentErrors } from './recording-consents.errors.ts';
import { recordingConsentChanged } from './recording-consents.events.ts';
import { insertConsent, selectOwnConsent, withdrawConsent } from './recording-consents.queries.ts';
import { buildConsent, consentStateOf } from './recording-consents.rules.ts';
import type { AnswerConsent } from './recording-consents.schemas.ts';
import type { RecordingConsent } from './recording-consents.tables.ts';

/** The parts of a commit that belong to an answer: its entry of the audit log and its event. */
export function consentRecords(row: RecordingConsent) {
  const { id: consentId, roomId, callId, identity } = row;
  const consent = consentStateOf(row);
  return {
    audit: {
      action: `recording_consent.${consent}`,
      target: { type: 'room', id: roomId } as const,
      after: { consentId, callId, identity },
    },
    events: [recordingConsentChanged.of({ consentId, roomId, callId, identity, consent })],
  };
}

async function commitAnswer(
  ctx: Ctx,
  row: RecordingConsent,
  held: RecordingConsent | null,
): Promise<RecordingConsent> {
  const { audit, events } = consentRecords(row);
  return ctx.commit({
    write: (q) => [held ? withdrawConsent(q, held, row.withdrawnAt!) : insertConsent(q, row)],
    audit,
    events,
    conflicts: { recording_consents_held_key: requestErrors.stale },
    result: row,
  });
}

/**
 * Answers, for the caller, whether they agree to be recorded in the open call of the room. The same answer again changes nothing.
 * @throws AppError `rooms.not_found`, `recording_consents.not_in_call` also for a refusal by somebody who has left, or by an agent or observer,
 * or `recording_consents.not_asked` when no recording needs consent, and there is none to withdraw
 */
export async function answerConsent(
  ctx: Ctx,
  request: RoomAccessRequest,
  { agreed }: AnswerConsent,
): Promise<RecordingConsent> {
  const { organizationId } = ctx;
  const { roomId } = request;
  const identity = requesterIdentity(ctx.actor, request);
  const now = new Date(ctx.clock.now());
  const [access, [own]] = await requireRoomAccess(ctx, request, (q) => [
    selectOwnConsent(q, organizationId, { roomId, identity, now }),
  ]);
  requireAdmitted(access);
  if (!own) throw recordingConsentErrors.notInCall();
  const { consent: last, callId, isAsked, isRecorded } = own;
  const held = last && last.withdrawnAt === null ? last : null;
  if (held) return agreed ? held : commitAnswer(ctx, { ...held, withdrawnAt: now }, held);
  if (!isAsked) throw recordingConsentErrors.notAsked();
  // A refusal fails the recordings of others, so it is only for those who would be part of them.
  if (!agreed && !isRecorded) throw recordingConsentErrors.notInCall();
  const person = { organizationId, roomId, callId, identity };
  return commitAnswer(
    ctx,
    buildConsent(person, { id: ctx.ids.create('recordingConsent'), agreed, now }),
    null,
  );
}
