export type { CallParticipantView } from './call-history.schemas.ts';
