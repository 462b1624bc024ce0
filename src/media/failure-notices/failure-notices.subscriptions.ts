import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { compressionEnded } from '../file-compressions/index.ts';
import { ingressChanged } from '../ingresses/index.ts';
import { phoneCallChanged } from '../phone-calls/index.ts';
import { mailCompressionFailure } from './mail-compression-failure.ts';
import { mailIngressFailure } from './mail-ingress-failure.ts';
import { mailPhoneCallFailure } from './mail-phone-call-failure.ts';

export const failureNoticeSubscriptions: readonly Subscription[] = [
  subscribe(ingressChanged, 'failure-notices.ingress', mailIngressFailure),
  subscribe(phoneCallChanged, 'failure-notices.phone-call', mailPhoneCallFailure),
  subscribe(compressionEnded, 'failure-notices.compression', mailCompressionFailure),
];
