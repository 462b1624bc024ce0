import { defineModule } from '../../kernel/modules/index.ts';

export const compressionContainersModule = defineModule({
  name: 'media/compression-containers',
  storeRetention: {
    CompressionContainer: {
      rule: 'retain',
      how: 'three moments of an instance; the container itself has bytes of a file while it works on them',
    },
  },
});
