import type { LiveCommand } from '../../realtime/protocol/index.ts';
import { consentStateOf } from './recording-consents.rules.ts';
import type { RecordingConsentView } from './recording-consents.schemas.ts';
import type { RecordingConsent } from './recording-consents.tables.ts';

export const presentConsent = (row: RecordingConsent, name: string | null): RecordingConsentView => ({
  id: row.id,
  roomId: row.roomId,
  callId: row.callId,
  identity: row.identity,
  name,
  consent: consentStateOf(row),
  givenAt: row.givenAt?.toISOString() ?? null,
  withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
});

/** What the live room shows of a consent. */
export const consentCommand = (row: RecordingConsent): LiveCommand => {
  const { id, callId, identity, givenAt, withdrawnAt, createdAt } = row;
  const consent = consentStateOf(row);
  const atMs = (withdrawnAt ?? givenAt ?? createdAt).getTime();
  return {
    type: 'recording.consent',
    key: `consent/${id}/${consent}`,
    atMs,
    by: identity,
    callId,
    identity,
    consent,
  };
};
