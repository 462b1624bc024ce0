export { answerRing } from './answer-ring.ts';
export { ringJobs } from './ringing.jobs.ts';
export { ringRoutes } from './ringing.routes.ts';
export type { Answer } from './ringing.rules.ts';
export { runOutRing, sweepRings } from './run-out-rings.ts';
