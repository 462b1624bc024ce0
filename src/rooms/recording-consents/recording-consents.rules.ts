import type { RecordingConsent } from './recording-consents.tables.ts';

/** What a person has answered, as it is now. */
export const CONSENT_STATES = ['given', 'refused', 'withdrawn'] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];

export const consentStateOf = ({
  givenAt,
  withdrawnAt,
}: Pick<RecordingConsent, 'givenAt' | 'withdrawnAt'>): ConsentState => {
  if (!givenAt) return 'refused';
  return withdrawnAt ? 'withdrawn' : 'given';
};

type PersonInCall = Pick<RecordingConsent, 'organizationId' | 'roomId' | 'callId' | 'identity'>;

/** The row of an answer. */
export const buildConsent = (
  person: PersonInCall,
  { id, agreed, now }: { id: string; agreed: boolean; now: Date },
): RecordingConsent => ({
  id,
  ...person,
  userId: person.identity.startsWith('usr_') ? person.identity : null,
  givenAt: agreed ? now : null,
  withdrawnAt: agreed ? null : now,
  createdAt: now,
});
