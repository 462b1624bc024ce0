import { defineModule } from '../../kernel/modules/index.ts';
import { deletedOrganizationRoutes } from './deleted-organizations.routes.ts';
import { eraseDeletedOrganizations } from './erase-organizations.ts';

export const deletedOrganizationsModule = defineModule({
  name: 'identity/deleted-organizations',
  routes: deletedOrganizationRoutes,
  schedules: [{ name: 'organizations.erase_deleted', everyMinutes: 60, run: eraseDeletedOrganizations }],
});
