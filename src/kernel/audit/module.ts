import { defineModule } from '../modules/index.ts';

export const auditModule = defineModule({
  name: 'kernel/audit',
  retention: {
    audit_logs: {
      rule: 'anonymise',
      how: 'address, user agent, before, after and their salts go; the commitments keep the chain whole',
    },
  },
});
