export { type AuditEntry, auditStatement } from './record.ts';
