import { defineModule } from '../../kernel/modules/index.ts';
import { occurrenceRoutes } from './occurrences.routes.ts';

export const occurrencesModule = defineModule({ name: 'rooms/occurrences', routes: occurrenceRoutes });
