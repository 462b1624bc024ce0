export { checkConnection } from './check-connection.ts';
export type { ConnectionCheck, ReportedConnection } from './find-unwanted.ts';
