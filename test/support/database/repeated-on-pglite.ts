/**
 * The tests that also run on the embedded database when the others run on a PostgreSQL server, because they depend on the
 * dialect: the schema and its policies, commits, deliveries and sweeps, every SQL function, and each route once, which runs
 * nearly every query.
 */
export const REPEATED_ON_PGLITE = [
  'test/contract/database/*.test.ts',
  'test/contract/routes/successful-calls.test.ts',
  'test/contract/routes/idempotency.test.ts',
  'test/kernel/audit/*.test.ts',
  'test/kernel/db/*.test.ts',
  'test/kernel/delivery/*.test.ts',
  'test/kernel/idempotency/*.test.ts',
  'test/ops/migrate.test.ts',
  'test/local/database-endpoint.test.ts',
  'test/platform/audit-chain/sealing.test.ts',
  'test/calls/sync/*.test.ts',
  'test/rooms/admission/admission-functions.test.ts',
  'test/rooms/polls/polls.test.ts',
  'test/people/ringing/crossing-rings.test.ts',
  'test/insights/quality/store-samples.test.ts',
];
