import { defineModule } from '../../kernel/modules/index.ts';
import { ingressKeyRoutes } from './ingress-keys.routes.ts';

export const ingressKeysModule = defineModule({ name: 'media/ingress-keys', routes: ingressKeyRoutes });
