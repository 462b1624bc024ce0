import type { Person, TestApp } from '../app.ts';

/** The organization may ask models on a key of the platform from now on, or may not, whatever its plan is. */
export async function includePlatformModels(
  app: TestApp,
  { organizationId }: Pick<Person, 'organizationId'>,
  value: 0 | 1 = 1,
) {
  const { status } = await app.send(
    'POST',
    `/api/v1/operator/organizations/${organizationId}/entitlement-grants`,
    { token: app.operator, body: { kind: 'feature', name: 'platform_models', value, reason: 'Test' } },
  );
  if (status !== 201) throw new Error(`the grant was refused: ${status}`);
}

/** Models that begin to answer and then say nothing until they are released. They take any key. */
export function useSilentModels(app: TestApp): { release(): void } {
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  app.services.ports.chat = {
    keyOf: () => ({ secret: 'none' }),
    of: () => ({
      async *chat(_request, _traits, _key, signal) {
        yield { type: 'started', requestId: null, usage: null };
        await Promise.race([
          released,
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
        ]);
        yield { type: 'ended', reason: 'end', usage: null };
      },
      testKey: () => Promise.resolve(),
    }),
  };
  return { release: () => release() };
}

/** A model that is next asked to translate one text, and does. Afterwards models are those from before. */
export function useTranslatingModel(app: TestApp): void {
  const { ports } = app.services;
  const { chat } = ports;
  ports.chat = {
    keyOf: () => ({ secret: 'none' }),
    of: () => ({
      async *chat() {
        ports.chat = chat;
        yield { type: 'text', text: JSON.stringify({ from: 'en', texts: ['Translated.'] }) };
        yield { type: 'ended', reason: 'end', usage: null };
      },
      testKey: () => Promise.resolve(),
    }),
  };
}
