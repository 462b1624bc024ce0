import type { Admission, LobbyWait } from './api.ts';
import { ApiError } from '../common/api-error.ts';
import { byId, showStep } from './dom.ts';
import { asksForConsent } from './guest.ts';

type Entry = Admission | LobbyWait;

/** Asks the visitor whether they agree to be recorded. */
function askVisitor(): Promise<boolean> {
  showStep('consent');
  const buttons = [byId('agree', HTMLButtonElement), byId('disagree', HTMLButtonElement)];
  return new Promise((resolve) => {
    const listening = new AbortController();
    for (const button of buttons)
      button.addEventListener(
        'click',
        () => {
          listening.abort();
          resolve(button.id === 'agree');
        },
        { signal: listening.signal },
      );
  });
}

/**
 * Enters a call; where it is recorded and everybody has to agree to that, once the visitor has agreed.
 * @returns undefined when they do not agree @throws ApiError
 */
export async function enterWithConsent<T extends Entry>(
  enter: (recordingConsent: boolean) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await enter(false);
  } catch (error) {
    if (!(error instanceof ApiError) || !asksForConsent(error)) throw error;
    if (!(await askVisitor())) return undefined;
    showStep('busy');
    return enter(true);
  }
}
