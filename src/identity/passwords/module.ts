import { defineModule } from '../../kernel/modules/index.ts';

export const passwordsModule = defineModule({
  name: 'identity/passwords',
  storeRetention: { PasswordHasher: { rule: 'expire', how: 'stores nothing' } },
});
