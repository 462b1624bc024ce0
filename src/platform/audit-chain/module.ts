import { defineModule } from '../../kernel/modules/index.ts';
import { sealAllOrganizations } from './seal-entries.ts';

export const auditChainModule = defineModule({
  name: 'platform/audit-chain',
  schedules: [{ name: 'audit.seal', everyMinutes: 1, run: sealAllOrganizations }],
  retention: {
    audit_chains: { rule: 'retain', how: 'evidence: the head of a log that must be shown to be whole' },
    audit_checkpoints: { rule: 'retain', how: 'evidence: signed counts and heads, without personal data' },
  },
});
