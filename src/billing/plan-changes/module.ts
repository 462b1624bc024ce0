import { defineModule } from '../../kernel/modules/index.ts';
import { planChangeRoutes } from './plan-changes.routes.ts';

export const planChangesModule = defineModule({ name: 'billing/plan-changes', routes: planChangeRoutes });
