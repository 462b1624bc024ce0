import type { Ctx } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { listVoices } from '../speech/index.ts';

/**
 * Checks that a voice is in the list of voices, which needs the speech service.
 * @throws AppError `request.invalid`, `speech.degraded` or `speech.busy`, or `auth.forbidden` without `ai:read`
 */
export async function requireVoice(ctx: Ctx, voice: string | null): Promise<void> {
  if (voice === null || (await listVoices(ctx)).some(({ id }) => id === voice)) return;
  const pointer = '/definition/voice';
  throw requestErrors.invalid({ errors: [{ pointer, message: 'must be in the list of voices' }] });
}
