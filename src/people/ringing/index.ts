export { answerRing } from './answer-ring.ts';
export { ringRoutes } from './ringing.routes.ts';
export type { RingAnswer } from './ringing.rules.ts';
export { expireRing, sweepRings } from './expire-rings.ts';
export * from './ringing.events.ts';
