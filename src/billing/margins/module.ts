import { defineModule } from '../../kernel/modules/index.ts';
import { marginRoutes } from './margins.routes.ts';

export const marginsModule = defineModule({ name: 'billing/margins', routes: marginRoutes });
