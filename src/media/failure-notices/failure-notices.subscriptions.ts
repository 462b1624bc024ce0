import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { compressionEnded } from '../file-compressions/index.ts';
import { ingressChanged } from '../ingresses/index.ts';
import { phoneCallChanged } from '../phone-calls/index.ts';
import { recordingChanged } from '../recordings/index.ts';
import { streamChanged } from '../streams/index.ts';
import { mailCompressionFailure } from './mail-compression-failure.ts';
import { mailIngressFailure } from './mail-ingress-failure.ts';
import { mailPhoneCallFailure } from './mail-phone-call-failure.ts';
import { mailRecordingFailure } from './mail-recording-failure.ts';
import { mailStreamFailure } from './mail-stream-failure.ts';

/** Two names are those of the modules in which they began: a name is the identity of deliveries. */
export const failureNoticeSubscriptions: readonly Subscription[] = [
  subscribe(recordingChanged, 'recording-notices.mail-failure', mailRecordingFailure),
  subscribe(streamChanged, 'stream-notices.mail-failure', mailStreamFailure),
  subscribe(ingressChanged, 'failure-notices.ingress', mailIngressFailure),
  subscribe(phoneCallChanged, 'failure-notices.phone-call', mailPhoneCallFailure),
  subscribe(compressionEnded, 'failure-notices.compression', mailCompressionFailure),
];
