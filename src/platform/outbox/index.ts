export { type Effect, outboxStatement } from './emit.ts';
export { defineJob, type Delivery, type Job } from './job.ts';
