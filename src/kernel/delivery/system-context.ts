import { type Ctx, openCtx, type Services } from '../context/index.ts';

/**
 * The context of a scheduled task: the system, within an organization or, for null, across all of them.
 * @param name what the audit log calls the actor, `module.task`
 * @param partitions collects where events were written: `publish` them at the end
 */
export function systemContext(
  services: Services,
  name: string,
  organizationId: string | null,
  partitions: Set<string>,
): Ctx {
  return openCtx(services, {
    actor: { kind: 'system', name, organizationId },
    keepAlive: () => services.log.error('after.unavailable', { name }),
    onEvents: (written) => written.forEach((partition) => partitions.add(partition)),
  });
}
