import { UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import { buildConsent, consentRecords, insertConsent } from '../recording-consents/index.ts';
import type { RoomRole } from '../rooms/index.ts';
import { admissionErrors } from './admission.errors.ts';
import type { AdmissionState, Applicant } from './admission.rules.ts';

type ConsentOfApplicant = Required<Pick<CommitRequest<unknown>, 'write' | 'events'>> & {
  audit: ReturnType<typeof consentRecords>['audit'][];
};

/** Agents and observers are not recorded. */
const needsRecordingConsent = ({ lacksRecordingConsent }: AdmissionState, role: RoomRole): boolean =>
  lacksRecordingConsent && !(UNCOUNTED_ROLES as readonly string[]).includes(role);

const NO_CONSENT: ConsentOfApplicant = { write: () => [], audit: [], events: [] };

/**
 * The consent of an applicant, where a recording of the call needs it: the parts of the commit that gives them their seat.
 * @throws AppError `rooms.recording_consent_required` when they have not agreed
 */
export function agreeToRecording(
  ctx: Ctx,
  state: AdmissionState,
  { identity, recordingConsent }: Applicant,
  role: RoomRole,
): ConsentOfApplicant {
  if (!needsRecordingConsent(state, role)) return NO_CONSENT;
  if (!recordingConsent)
    throw admissionErrors.recordingConsentRequired({
      detail: 'Send the same request with "recordingConsent": true once the person has agreed.',
    });
  const { organizationId, id: roomId } = state.room;
  const row = buildConsent(
    { organizationId, roomId, callId: state.call!.id, identity },
    { id: ctx.ids.create('recordingConsent'), agreed: true, now: new Date(ctx.clock.now()) },
  );
  const { audit, events } = consentRecords(row);
  return { write: (q) => [insertConsent(q, row)], audit: [audit], events };
}
