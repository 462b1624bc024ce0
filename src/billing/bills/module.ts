import { defineModule } from '../../kernel/modules/index.ts';
import { billRoutes } from './bills.routes.ts';

export const billsModule = defineModule({ name: 'billing/bills', routes: billRoutes });
