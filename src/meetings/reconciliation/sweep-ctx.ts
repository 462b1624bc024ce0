import { createCtx, type Ctx, type Services } from '../../platform/context/index.ts';
import { continueTrace } from '../../platform/http/index.ts';

/** The system at its sweeps. @param lanes where effects were written: what is to be published */
export function sweepCtx(services: Services, lanes: Set<string>): Ctx {
  return createCtx(services, {
    actor: { kind: 'system', name: 'calls.reconcile', organizationId: null },
    origin: {
      requestId: services.ids.create('request'),
      traceparent: continueTrace(null, services.ids),
      ip: null,
      userAgent: null,
      continent: null,
    },
    after: (name) => {
      throw new Error(`${name}: nothing follows a sweep but effects`);
    },
    onEffects: (written) => written.forEach((lane) => lanes.add(lane)),
    onRoundTrip: () => undefined,
  });
}
