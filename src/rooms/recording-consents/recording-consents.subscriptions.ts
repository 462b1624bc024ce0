import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { recordingConsentChanged } from './recording-consents.events.ts';
import { showConsent } from './show-consent.ts';

export const recordingConsentSubscriptions: readonly Subscription[] = [
  subscribe(recordingConsentChanged, 'recording-consents.show', showConsent, { prompt: true }),
];
