import { defineModule } from '../../kernel/modules/index.ts';
import { planRoutes } from './plans.routes.ts';

export const plansModule = defineModule({ name: 'billing/plans', routes: planRoutes });
