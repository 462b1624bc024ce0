import type { Services } from '../../kernel/context/index.ts';
import { isRefusal } from '../../kernel/core/index.ts';
import { proveAsker } from '../ask-authority/index.ts';
import { type GenerationPlan, isAskedOnPlatformKey } from '../generations/index.ts';

/** Whether the asker may still ask. A database that does not answer ends nothing, because the next check is soon. */
export async function mayStillAsk(services: Services, plan: GenerationPlan): Promise<boolean> {
  const { asker, generationId, organizationId } = plan;
  try {
    await proveAsker(services, asker, { isOnPlatformKey: isAskedOnPlatformKey(plan) });
  } catch (error) {
    if (isRefusal(error)) return false;
    services.log.warn('ai.proof_failed', { generationId, organizationId, error });
  }
  return true;
}
