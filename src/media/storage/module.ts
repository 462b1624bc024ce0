import { defineModule } from '../../kernel/modules/index.ts';

export const storageModule = defineModule({
  name: 'media/storage',
  retention: { storage_totals: { rule: 'cascade', how: 'with its organization' } },
});
