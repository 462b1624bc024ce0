import { defineModule } from '../../kernel/modules/index.ts';

export const objectsModule = defineModule({
  name: 'platform/objects',
  storeRetention: {
    RECORDINGS: {
      rule: 'expire',
      how: 'recordings, with their row or when their file is deleted',
    },
    OBJECTS: {
      rule: 'expire',
      how: 'results of operations, with the operation they belong to; files, once their row is gone',
    },
  },
});
