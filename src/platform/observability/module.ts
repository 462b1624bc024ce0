import { defineModule } from '../../kernel/modules/index.ts';

export const observabilityModule = defineModule({
  name: 'platform/observability',
  storeRetention: {
    ANALYTICS: { rule: 'expire', how: 'after three months, by the platform; holds no personal data' },
  },
});
