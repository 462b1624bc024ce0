import { defineModule } from '../../kernel/modules/index.ts';
import { admissionRoutes } from './admission.routes.ts';
import { findInvalidConnections } from './enforce-admission.ts';
import { admissionSubscriptions } from './admission.subscriptions.ts';

export const admissionModule = defineModule({
  name: 'rooms/admission',
  subscriptions: admissionSubscriptions,
  routes: admissionRoutes,
  connectionChecks: [findInvalidConnections],
  retention: {
    service_identities: { rule: 'cascade', how: 'with its API key and its organization' },
  },
});
