import { defineModule } from '../../kernel/modules/index.ts';
import { compressionConfigRoutes } from './compression-config.routes.ts';

export const compressionConfigModule = defineModule({
  name: 'media/compression-config',
  routes: compressionConfigRoutes,
  retention: {
    compression_configs: { rule: 'cascade', how: 'with its organization, its room or its user' },
  },
});
