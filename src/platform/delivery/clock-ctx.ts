import { createCtx, type Ctx, type Services } from '../context/index.ts';
import { continueTrace } from '../http/index.ts';

/**
 * What runs by the clock and for nobody: the system, within an organization or, for null, across all of them.
 * @param name what the audit log calls it, `room.verb`
 * @param lanes gathers where effects were written: `publish` them at the end
 */
export function clockCtx(
  services: Services,
  name: string,
  organizationId: string | null,
  lanes: Set<string>,
): Ctx {
  const { ids, log } = services;
  const requestId = ids.create('request');
  const traceparent = continueTrace(null, ids);
  return createCtx(services, {
    actor: { kind: 'system', name, organizationId },
    origin: { requestId, traceparent, ip: null, userAgent: null, continent: null },
    after: (what) =>
      log.error('after.failed', { name: what, requestId, error: new Error('nothing runs after the clock') }),
    onEffects: (written) => written.forEach((lane) => lanes.add(lane)),
    onRoundTrip: () => undefined,
  });
}
