import { participantJoined } from '../../calls/calls/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { enforceAdmission } from './enforce-admission.ts';

export const admissionSubscriptions: readonly Subscription[] = [
  subscribe(participantJoined, 'admission.enforce', enforceAdmission),
];
