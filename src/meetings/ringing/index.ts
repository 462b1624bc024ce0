export { answerRing } from './answer-ring.ts';
export { ringSubscribers } from './ringing.jobs.ts';
export { ringRoutes } from './ringing.routes.ts';
export type { RingAnswer } from './ringing.rules.ts';
export { expireRing, sweepRings } from './run-out-rings.ts';
