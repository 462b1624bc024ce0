import { defineModule } from '../../kernel/modules/index.ts';
import { appointSuccessors } from './appoint-successors.ts';

export const successionModule = defineModule({
  name: 'rooms/succession',
  schedules: [{ name: 'succession.appoint', everyMinutes: 1, run: appointSuccessors }],
});
