import { continueTrace } from '../core/index.ts';
import { createCtx, type Ctx, type Services } from '../context/index.ts';

/**
 * What runs by the clock and for nobody: the system, within an organization or, for null, across all of them.
 * @param name what the audit log calls it, `room.verb`
 * @param partitions gathers where effects were written: `publish` them at the end
 */
export function systemContext(
  services: Services,
  name: string,
  organizationId: string | null,
  partitions: Set<string>,
): Ctx {
  const { ids, log } = services;
  const requestId = ids.create('request');
  const traceparent = continueTrace(null, ids);
  return createCtx(services, {
    actor: { kind: 'system', name, organizationId },
    origin: { requestId, traceparent, ip: null, userAgent: null, continent: null },
    after: (what) =>
      log.error('after.failed', { name: what, requestId, error: new Error('nothing runs after the clock') }),
    onEvents: (writtenPartitions) => writtenPartitions.forEach((partition) => partitions.add(partition)),
    onRoundTrip: () => undefined,
  });
}
