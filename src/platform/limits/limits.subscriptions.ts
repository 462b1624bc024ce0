import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { limitsOverridden } from './limits.events.ts';

export const limitSubscriptions: readonly Subscription[] = [
  subscribe(limitsOverridden, 'limits.write-overrides', (ctx, overrides) =>
    ctx.ports.limitOverrides.write(ctx.organizationId, overrides),
  ),
];
