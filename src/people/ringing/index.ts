export { answerRing } from './answer-ring.ts';
export { ringSubscriptions } from './ringing.events.ts';
export { ringRoutes } from './ringing.routes.ts';
export type { RingAnswer } from './ringing.rules.ts';
export { expireRing, sweepRings } from './expire-rings.ts';
