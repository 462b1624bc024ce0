export { ACTOR_KINDS, auditLogs, PERSONAL_FIELDS, type PersonalTexts, SEVERITIES } from './audit.tables.ts';
export { type AuditEntry, auditStatement, commitmentOf } from './audit-statement.ts';
