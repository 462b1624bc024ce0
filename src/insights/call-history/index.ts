export { callErrors } from './call-history.errors.ts';
export { callIdSchema, callParamsSchema, type CallParticipantView } from './call-history.schemas.ts';
